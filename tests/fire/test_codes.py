"""Every code of the catalogue is reached: by an act here, or by a test of the suite that is named."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import TooManyRequests

from server.errors import catalogue, from_http
from server.features.importing.checks import MOST_ROWS
from server.features.importing.problems import BadInputError
from server.features.importing.tables import read_files
from server.replication.endpoints import PLACE
from server.replication.position import Bookmark, seal_bookmark
from tests.factories.apps import Browser
from tests.factories.old_system import FILES, KINDS, MAPPING, faults, make_plan, mapping_of, plan_of

CROWD = '[[contacts]]\ntable = "orders"\ncustomer = "firm"'
TESTS = Path(__file__).resolve().parents[1]
REACHED = {
    "contract/test_parking.py": """
        blocker_dismissed internal unknown_entity unknown_schema unknown_field read_only_field wrong_type
        invalid_value too_large missing_parent depends_on_parked illegal_transition
    """,
    "contract/test_drain.py": """
        drained
    """,
    "contract/test_drain_key.py": """
        drain_refused drain_not_due outbox_destroyed device_in_use
    """,
    "contract/test_erasure.py": """
        erased
    """,
    "contract/test_push.py": """
        storage_full undecodable sha_mismatch store_raw
    """,
    "contract/test_authority.py": """
        gone left_scope
    """,
    "contract/test_cursor.py": """
        wrong_person bad_cursor
    """,
    "contract/test_purge.py": """
        cursor_expired
    """,
    "contract/test_conflicts.py": """
        group_incomplete not_author
    """,
    "integration/test_sync_http.py": """
        session_required forbidden unsupported_media_type request_too_large bad_envelope read_only
    """,
    "integration/test_sign_in.py": """
        device_revoked sign_in_failed too_many_attempts weak_password login_taken invalid_request
    """,
    "integration/test_protection.py": """
        not_found method_not_allowed header_required foreign_origin bad_request app_not_built
    """,
    "integration/test_database.py": """
        database_unavailable
    """,
    "integration/test_blobs_http.py": """
        blob_too_large blob_refused blob_mismatch blob_on_its_way upload_gone wrong_offset chunk_damaged
    """,
    "contract/test_blob_stores.py": """
        blobs_unavailable
    """,
    "integration/features/test_cadences.py": """
        cadence_channel cadence_interval
    """,
    "integration/features/test_calendar.py": """
        invalid_hours unknown_country
    """,
    "integration/features/test_occasions.py": """
        no_such_day
    """,
    "integration/features/test_push.py": """
        push_busy push_endpoint_refused push_not_set_up push_not_subscribed push_refused push_unreachable
    """,
    "../pwa/src/store/outbox.test.ts": """
        device_full
    """,
    "integration/features/test_rows.py": """
        assignee_disabled
    """,
    "integration/features/test_scopes.py": """
        unknown_name ambiguous_name territory_loop
    """,
    "integration/features/test_dated_grants.py": """
        dates_reversed
    """,
    "integration/features/test_demo.py": """
        demo_refused not_a_demo
    """,
    "unit/importing/test_planning.py": """
        import_bad_mapping import_unknown_table import_bad_key import_unknown_step import_step_options
        import_unknown_field import_field_missing import_file_missing import_no_column import_empty_key
        import_key_twice import_unknown_reference import_no_customer import_required import_not_whole
        import_not_a_choice import_out_of_range import_too_long import_several_lines import_unfit
        import_not_a_day import_row_too_large import_reporting_loop import_note_unused_file
        import_note_unused_columns import_note_empty import_note_unassigned
    """,
    "unit/importing/test_encodings.py": """
        import_undecodable import_mixed_encodings
    """,
    "unit/importing/test_sheets.py": """
        import_holds_nul import_bad_quotes import_no_header import_column_twice import_cell_count
    """,
    "integration/importing/test_writing.py": """
        import_note_edited import_note_deleted import_note_gone import_stopped
    """,
    "integration/importing/test_undoing.py": """
        import_kept_edited import_kept_added import_kept_needed import_unknown_plan
    """,
}
HERE = """
    wrong_epoch too_many_requests import_unreadable import_file_twice import_too_many_children import_note_encoding
"""


def test_every_code_is_reached_somewhere():
    named = " ".join([HERE, *REACHED.values()]).split()
    assert sorted(named) == sorted(catalogue())


@pytest.mark.parametrize("path", REACHED)
def test_a_suite_that_is_named_asserts_its_codes(path: str):
    source = (TESTS / path).read_text(encoding="utf-8")
    assert [code for code in REACHED[path].split() if f'"{code}"' not in source] == []


def test_a_chunk_of_an_earlier_epoch_is_refused(app: Flask, rep: Browser) -> None:
    place = app.extensions[PLACE]
    scope = f"person:{rep.get('/auth/v1/session').get_json()['person_id']}"
    token = seal_bookmark(Bookmark(0, scope, 0, None, is_done=False), place.key)
    answer = rep.get("/sync/v1/snapshot", query_string={"scope": scope, "token": token})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "wrong_epoch")


def test_a_framework_that_is_asked_too_often_says_so_as_we_do():
    assert from_http(TooManyRequests()).code == "too_many_requests"


def test_files_that_cannot_be_read_or_come_twice_are_named(tmp_path: Path):
    (tmp_path / "a.csv").write_text("id\n")
    with pytest.raises(BadInputError) as caught:
        read_files([tmp_path / "a.csv", tmp_path / "a.csv", tmp_path / "none.csv"])
    assert [problem.code for problem in caught.value.problems] == ["import_file_twice", "import_unreadable"]


def test_more_children_than_travel_with_one_customer_are_refused():
    mapping = MAPPING.replace('[[contacts]]\ntable = "firms"\ncustomer = "id"', CROWD)
    orders = "id,firm,who,on,contact,met\n" + "".join(f"{n},F1,1,2024-01-01,陳先生,\n" for n in range(MOST_ROWS + 1))
    plan = plan_of(mapping, orders=orders)
    assert "import_too_many_children" in [code for code, _ in faults(plan)]


def test_an_encoding_other_than_ours_is_told():
    files = {name: text.encode() for name, text in FILES.items()}
    plan = make_plan(mapping_of(), "m.toml", files | {"areas.csv": FILES["areas.csv"].encode("big5")}, KINDS)
    assert "import_note_encoding" in [notice.code for notice in plan.notices]
