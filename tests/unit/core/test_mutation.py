"""Mutations: a line is written once and read back the same; limits hold at the byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core import mutation
from sync.core.ids import is_uuid, uuid5, uuid7
from sync.core.mutation import MAX_MUTATION_BYTES, Mutation, MutationError
from tests.unit.core.strategies import stamps, strings, values

ids = st.builds(uuid7, st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
revs = st.tuples(st.integers(0, 2**40), st.integers(0, 2**40))
fields = st.dictionaries(strings, values, max_size=4)
mutations = st.builds(
    Mutation,
    id=ids,
    entity=strings,
    pk=ids,
    op=st.sampled_from(mutation.OPS),
    seen_rev=st.none() | revs,
    base=fields,
    patch=fields,
    hlc=stamps,
    schema=st.integers(0, 99),
    after=st.lists(ids, max_size=3).map(tuple),
    supersedes=st.none() | ids,
    seen_agg=st.none() | st.integers(0, 99),
)


@given(mutations)
def test_a_mutation_survives_its_line(item):
    assert mutation.decode(mutation.encode(item)) == item


@given(ids, strings)
def test_minted_ids_are_ids(namespace, name):
    assert is_uuid(namespace)
    assert is_uuid(uuid5(namespace, name))
    assert uuid5(namespace, name) == uuid5(namespace, name)


@pytest.mark.parametrize(("ms", "random_bytes"), [(-1, bytes(10)), (2**48, bytes(10)), (0, b"x")])
def test_an_id_needs_a_time_and_ten_random_bytes(ms, random_bytes):
    with pytest.raises(ValueError, match="uuid7"):
        uuid7(ms, random_bytes)


def test_a_line_of_64_kib_is_written_and_a_byte_more_is_not():
    def sized(length: int) -> Mutation:
        pk = uuid7(0, bytes(10))
        return Mutation(pk, "customer", pk, "patch", None, {}, {"x": "y" * length}, (0, 0), 1)

    room = MAX_MUTATION_BYTES - len(mutation.encode(sized(0)))
    assert len(mutation.encode(sized(room))) == MAX_MUTATION_BYTES
    with pytest.raises(MutationError) as caught:
        mutation.encode(sized(room + 1))
    assert caught.value.code == "too_large"
