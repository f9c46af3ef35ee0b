"""What Hypothesis draws for the core: values with a canonical form, and texts like people's notes."""

from hypothesis import strategies as st

from sync.core.canonical import MAX_INT

strings = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=12)
scalars = st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | strings
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(strings, inner, max_size=4),
    max_leaves=12,
)

PIECES = ("客戶", "喜歡茶。", "\n", "a", "b", "王經理", "𠀀", "three ")
notes = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
stamps = st.tuples(st.integers(0, 2**45), st.integers(0, 65535))
