"""Prints a digest of all that a seed asks and is answered: `python -m tests.simulation.retell URL FOLDER SEED`.

It is the same in whatever process: a seed tells one story.
"""

import logging
import sys
from pathlib import Path

from tests.simulation.story import compose, staged, tell


def digest_of(url: str, folder: Path, seed: int) -> str:
    """What a restored seed asks and is answered over an empty migrated database."""
    with staged(url, folder, seed) as stage:
        tell(stage, compose(seed, is_restored=True))
        return str(stage.server.trace.hexdigest())


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    print(digest_of(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
