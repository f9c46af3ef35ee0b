"""What is written to a row depends on what the files said last time, not only on what the row holds."""

from dataclasses import replace
from typing import Any

from server.features.importing.difference import decide, spoken_for
from server.features.importing.draft import Draft
from server.features.importing.memory import Imported
from server.shared.writer import Seen
from tests.factories.old_system import KINDS, plan_of

PLAN = "0192f0c8-0000-7000-8000-0000000000aa"


def draft_of(entity: str = "customer", **fields: Any) -> Draft:
    """The sample's first row of a kind, with other values; None: the cell is empty."""
    (draft,) = [d for unit in plan_of().units for d in unit if (d.entity, d.key) == (entity, "F1")]
    return replace(draft, fields={k: v for k, v in {**draft.fields, **fields}.items() if v is not None})


def last_of(draft: Draft, **fields: Any) -> Imported:
    values = spoken_for(draft) | fields
    return Imported(draft.entity, draft.pk, "old", PLAN, values, (1, 3))


def seen_of(last: Imported, is_deleted: bool = False, rev: int = 5, **fields: Any) -> Seen:
    held = {name: value for name, value in (dict(last.values) | fields).items() if value}
    return Seen(held, (1, rev), "territory:x", last.pk, is_deleted)


def decision(draft: Draft, last: Imported | None, seen: Seen | None):
    return decide(draft, KINDS[draft.entity].entity.spec, last, seen)


def test_a_new_row_carries_its_groups_whole_and_its_sets_as_additions():
    draft = draft_of()
    (change,) = decision(draft, None, None).changes
    assert (change.op, change.seen_rev) == ("create", None)
    assert change.patch["tags"] == {"add": ["零售", "食品"], "remove": []}
    assert {"payment_terms", "credit_limit_minor", "credit_currency"} <= change.patch.keys()
    assert change.patch["credit_currency"] is None


def test_unchanged_files_write_nothing_whatever_the_row_holds():
    draft = draft_of()
    last = last_of(draft)
    assert decision(draft, last, seen_of(last, name="別的", is_deleted=True)).kind == "same"


def test_a_change_has_seen_what_the_last_import_left():
    draft = draft_of(name="新名", notes="新", tags=["食品"])
    last = last_of(draft, name="舊名", notes="舊", tags=["零售", "食品"])
    (change,) = decision(draft, last, seen_of(last)).changes
    assert (change.op, change.seen_rev) == ("patch", last.rev)
    assert change.patch == {"name": "新名", "notes": "新", "tags": {"add": [], "remove": ["零售"]}}
    assert change.base == {"notes": "舊"}


def test_of_a_group_the_fields_that_no_file_speaks_of_are_as_the_row_has_them():
    draft = draft_of(payment_terms="現金")
    last = last_of(draft, payment_terms="月結")
    (change,) = decision(draft, last, seen_of(last, credit_currency="TWD")).changes
    assert change.patch == {"payment_terms": "現金", "credit_limit_minor": 5000, "credit_currency": "TWD"}


def test_a_field_that_the_mapping_no_longer_names_is_left_alone():
    draft = draft_of(tier=None)
    del draft.given["tier"]
    last = last_of(draft, tier="A")
    assert decision(draft, last, seen_of(last)).kind == "same"


def test_an_emptied_cell_empties_the_field():
    draft = draft_of(tier=None)
    last = last_of(draft, tier="A")
    (change,) = decision(draft, last, seen_of(last)).changes
    assert change.patch == {"tier": None}


def test_a_server_field_that_somebody_changed_stays():
    draft = draft_of(territory_id="new")
    last = last_of(draft, territory_id="old")
    made = decision(draft, last, seen_of(last, territory_id="theirs"))
    assert (made.kind, made.changes) == ("same", ())
    assert made.notice is not None
    assert made.notice.code == "import_note_edited"


def test_a_server_field_that_already_is_as_wanted_is_no_news():
    draft = draft_of(territory_id="new")
    last = last_of(draft, territory_id="old")
    made = decision(draft, last, seen_of(last, territory_id="new"))
    assert (made.kind, made.notice) == ("same", None)


def test_what_an_undo_deleted_is_restored_and_brought_up_to_date():
    draft = draft_of(name="新名")
    last = replace(last_of(draft, name="舊名"), removed_by="del", rev=(1, 4))
    restore, patch = decision(draft, last, seen_of(last, is_deleted=True, rev=4)).changes
    assert (restore.op, restore.patch) == ("restore", {"delete": "del"})
    assert (patch.op, patch.patch) == ("patch", {"name": "新名"})


def test_what_somebody_deleted_again_after_an_undo_stays_deleted():
    draft = draft_of()
    last = replace(last_of(draft), removed_by="del", rev=(1, 4))
    made = decision(draft, last, seen_of(last, is_deleted=True, rev=6))
    assert (made.kind, made.changes) == ("left", ())
