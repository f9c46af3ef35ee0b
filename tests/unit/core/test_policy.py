"""Declarations that make no sense are refused when they are made, not when a row is merged."""

import pytest

from sync.core.policy import EntitySpec, FieldSpec


@pytest.mark.parametrize(
    ("fields", "server_fields", "append"),
    [
        ((FieldSpec("a", "register"), FieldSpec("a", "text")), (), False),
        ((FieldSpec("a", "register"),), ("a",), False),
        ((FieldSpec("voided", "register"),), (), False),
        ((FieldSpec("a", "register", "deleted"),), (), False),
        ((FieldSpec("a", "register", "g"), FieldSpec("b", "ask", "g")), (), False),
        ((FieldSpec("a", "text", "g"), FieldSpec("b", "text", "g")), (), False),
        ((FieldSpec("a", "append"),), (), False),
        ((FieldSpec("a", "register"),), (), True),
    ],
)
def test_a_declaration_without_sense_is_refused(fields, server_fields, append):
    with pytest.raises(ValueError, match="thing"):
        EntitySpec(name="thing", fields=fields, server_fields=server_fields, append=append)


def test_a_group_may_bear_the_name_of_one_of_its_fields():
    spec = EntitySpec(name="site", fields=(FieldSpec("address", "ask", "address"), FieldSpec("city", "ask", "address")))
    assert spec.groups == {"address": ("address", "city")}
