"""Which protocol this is; SPEC 16 says what a version may change and what never changes."""

from typing import Final

VERSION: Final = 2
