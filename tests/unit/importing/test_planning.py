"""Files become rows, or every reason why not; nothing here touches a database."""

import re

import pytest

from server.errors import LANGUAGES, catalogue
from server.features.importing.problems import BadInputError
from server.features.territories.services import ROOT_ID, UNASSIGNED_ID
from tests.factories.old_system import FILES, MAPPING, ROOT, faults, plan_of, rows


def firm(**cells: str) -> str:
    """The customers' file with one row."""
    row = {"id": "F1", "name": "大同商行"} | cells
    columns = FILES["firms.csv"].split("\n", 1)[0].split(",")
    return ",".join(columns) + "\n" + ",".join(row.get(name, "") for name in columns) + "\n"


def refusals(text: str) -> list[tuple[str, object]]:
    with pytest.raises(BadInputError) as caught:
        plan_of(text)
    return [(problem.code, problem.details.get("name")) for problem in caught.value.problems]


def test_the_sample_is_planned_without_fault():
    plan = plan_of()
    assert plan.problems == ()
    assert [[draft.entity for draft in unit] for unit in plan.units][-2:] == [
        ["customer", "site", "contact"],
        ["customer", "site"],
    ]
    assert rows(plan, "customer")["F1"] | {"territory_id": None} == {
        "name": "大同商行",
        "tier": "A",
        "credit_limit_minor": 5000,
        "payment_terms": "月結",
        "notes": "第一行\n第二行",
        "tags": ["零售", "食品"],
        "territory_id": None,
    }
    assert rows(plan, "site")["F1"]["address"] == "台北市，大安路1號"
    assert rows(plan, "contact")["F1"]["is_met"] is True


def test_a_manager_may_stand_on_a_later_row_than_their_reports():
    people = rows(plan_of(), "person")
    assert [people[key]["role"] for key in ("1", "10", "3")] == ["rep", "rep", "manager"]
    assert people["1"]["manager_id"] == people["10"]["manager_id"]
    assert people["3"]["manager_id"] is None


def test_nobody_may_report_to_themselves_over_others():
    plan = plan_of(people="id,name,title,boss\n1,甲,,2\n2,乙,,1\n10,丙,,1\n3,丁,,3\n")
    places = ["people.csv:2", "people.csv:3", "people.csv:5"]
    assert faults(plan) == [("import_reporting_loop", place) for place in places]


def test_a_customer_belongs_to_who_took_most_of_its_orders_else_to_nobody():
    plan = plan_of()
    patches = {d.key: d.pk for unit in plan.units for d in unit if d.fields.get("kind") == "patch"}
    territories = {key: fields["territory_id"] for key, fields in rows(plan, "customer").items()}
    assert territories == {"F1": patches["1"], "F2": UNASSIGNED_ID}


@pytest.mark.parametrize(
    ("orders", "rep"),
    [
        ("1,F1,1,2024-01-01\n2,F1,10,2024-01-02\n", "10"),  # as many: the latest
        ("1,F1,10,2024-01-01\n2,F1,3,2024-01-01\n", "3"),  # on one day: the lower id, by value
        ("1,F1,10,2024-01-09\n2,F1,3,2024-01-01\n3,F1,3,2024-01-02\n", "3"),
    ],
)
def test_ties_of_orders_go_to_the_latest_then_to_the_lower_id(orders, rep):
    plan = plan_of(orders="id,firm,who,on\n" + orders)
    patches = {d.pk: d.key for unit in plan.units for d in unit if d.fields.get("kind") == "patch"}
    assert patches[rows(plan, "customer")["F1"]["territory_id"]] == rep


def test_a_patch_hangs_under_the_region_of_most_areas_then_the_lower_id_else_under_the_root():
    plan = plan_of(works="who,area\n1,S\n1,N\n10,S\n")
    units = [unit[0] for unit in plan.units if unit[0].entity == "territory"]
    regions = {d.pk: d.key for d in units if d.fields["kind"] == "region"}
    parents = {d.key: d.fields["parent_id"] for d in units if d.fields["kind"] == "patch"}
    assert (regions[parents["1"]], regions[parents["10"]]) == ("N", "S")
    assert parents["3"] == ROOT_ID


def test_ids_depend_on_the_source_and_the_key_alone():
    first, again = plan_of(), plan_of(firms=firm(name="改名商行"))
    other = plan_of(MAPPING.replace('source = "old"', 'source = "new"'))
    pk = [next(d.pk for unit in plan.units for d in unit if d.entity == "customer") for plan in (first, again, other)]
    assert pk[0] == pk[1] != pk[2]


def test_no_two_rows_share_an_id():
    ids = [draft.pk for unit in plan_of().units for draft in unit]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"name": ""}, "import_required", "name"),
        ({"name": "長" * 201}, "import_too_long", "name"),
        ({"name": '"兩\n行"'}, "import_several_lines", "name"),
        ({"class": "9"}, "import_not_a_choice", "class"),
        ({"limit": "1,000".replace(",", " ")}, "import_not_whole", "limit"),
        ({"limit": "-1"}, "import_out_of_range", "limit"),
        ({"contact": "陳", "met": "或許"}, "import_not_a_choice", "met"),
        ({"tags": ";".join(["好", "長" * 41])}, "import_too_long", "tags"),
        ({"tags": ";".join(str(n) for n in range(51))}, "import_too_long", "tags"),
        ({"name": "響\x07鈴"}, "import_unfit", "name"),
    ],
)
def test_a_bad_cell_is_named_and_then_nothing_is_planned(cells, code, column):
    plan = plan_of(firms=firm(**cells), orders="id,firm,who,on\n")
    assert faults(plan) == [(code, f"firms.csv:2 [{column}]")]
    assert plan.units == ()
    for language in LANGUAGES:
        text = plan.problems[0].text(language)
        assert text
        assert "{" not in text


def test_every_fault_of_every_file_is_told_at_once():
    plan = plan_of(
        firms=firm(name="", limit="x") + "F1,再一次,,,,,,,,\n",
        orders="id,firm,who,on\n1,F1,77,2024-01-01\n,F1,1,2024-01-01\n2,F1,1,2024-1-1\n",
    )
    assert faults(plan) == [
        ("import_not_whole", "firms.csv:2 [limit]"),
        ("import_required", "firms.csv:2 [name]"),
        ("import_key_twice", "firms.csv:3 [id]"),
        ("import_unknown_reference", "orders.csv:2 [who]"),
        ("import_empty_key", "orders.csv:3 [id]"),
        ("import_not_a_day", "orders.csv:4 [on]"),
    ]


def test_the_line_of_a_cell_counts_the_lines_of_cells_before_it():
    text = firm(notes='"一\n二\n三"', contact="陳", met="或許")
    assert faults(plan_of(firms=text, orders="id,firm,who,on\n")) == [("import_not_a_choice", "firms.csv:4 [met]")]


def test_an_unknown_reference_is_named_in_its_cell():
    plan = plan_of(orders="id,firm,who,on\n1,F1,77,2024-01-01\n")
    assert faults(plan) == [("import_unknown_reference", "orders.csv:2 [who]")]


def test_keys_must_be_there_and_differ():
    plan = plan_of(areas="id,name\nN,北\n,南\nN,東\nS,西\n")
    assert faults(plan) == [("import_empty_key", "areas.csv:3 [id]"), ("import_key_twice", "areas.csv:4 [id]")]


def test_a_child_of_no_customer_is_named():
    text = MAPPING + '\n[[contacts]]\ntable = "works"\ncustomer = "who"\npart = "2"\n[contacts.fields]\nname = "area"\n'
    assert ("import_no_customer", "works.csv:2 [who]") in faults(plan_of(text))


def test_a_day_must_be_a_day():
    plan = plan_of(orders="id,firm,who,on\n1,F1,1,1.2.2024\n")
    assert faults(plan) == [("import_not_a_day", "orders.csv:2 [on]")]


def test_a_row_too_large_to_travel_is_refused_before_anything_is_written():
    text = MAPPING.replace('notes = "notes"', 'notes = "notes"\nbriefing = "notes"\ncompetitors = "notes"')
    assert faults(plan_of(text, firms=firm(notes="長" * 9_000), orders="id,firm,who,on\n")) == [
        ("import_row_too_large", "firms.csv:2")
    ]


def test_a_domain_rule_of_the_feature_counts_before_anything_is_written():
    text = MAPPING.replace('is_met = "met"', 'birthday_month = "limit"\nbirthday_day = "met"')
    plan = plan_of(text, firms=firm(contact="陳", limit="2", met="30"), orders="id,firm,who,on\n")
    assert faults(plan) == [("import_unfit", "firms.csv:2 [met]")]


def test_a_missing_file_or_column_is_named():
    plan = plan_of(MAPPING.replace("firms.csv", "clients.csv").replace('title = "title"', 'title = "job"'))
    assert faults(plan) == [("import_file_missing", "clients.csv"), ("import_no_column", "people.csv:1 [job]")]


def test_notices_tell_what_is_left_out_and_left_empty():
    plan = plan_of(MAPPING.replace('tags = "tags"\n', ""), other="x\n1\n")
    told = {(one.code, one.place) for one in plan.notices}
    assert told >= {
        ("import_note_unused_file", "other.csv"),
        ("import_note_unused_columns", "firms.csv"),
        ("import_note_empty", "firms.csv [contact]"),
        ("import_note_unassigned", "firms.csv"),
    }


@pytest.mark.parametrize(
    ("old", "new", "code", "name"),
    [
        ('source = "old"', "source = ", "import_bad_mapping", None),
        ('source = "old"', "source = 3", "import_bad_mapping", None),
        ('source = "old"', 'source = "old"\ncolour = 1', "import_bad_mapping", None),
        ('source = "old"', 'source = "old"\nreading = { encoding = "klingon" }', "import_bad_mapping", None),
        ('source = "old"', 'source = "old"\nreading = { delimiter = ";;" }', "import_bad_mapping", None),
        ('table = "areas"', 'table = "fields"', "import_unknown_table", "fields"),
        ('boss = "people"', 'boss = "staff"', "import_unknown_table", "staff"),
        ('boss = "people"', 'boss = "works"', "import_bad_key", "works"),
        ('notes = "notes"', 'remarks = "notes"', "import_unknown_field", "remarks"),
        ('notes = "notes"', 'territory_id = "notes"', "import_unknown_field", "territory_id"),
        ("tier = {", "xtier = {", "import_unknown_field", "xtier"),
        ('[contacts.fields]\nname = "contact"', "[contacts.fields]", "import_field_missing", "name"),
        ('step = "rep_by_most_orders"', 'step = "rep_by_magic"', "import_unknown_step", "rep_by_magic"),
        ('at = "on"', 'when = "on"', "import_step_options", "rep_by_most_orders"),
        ('orders = "orders"', 'orders = "invoices"', "import_unknown_table", "invoices"),
    ],
)
def test_a_mapping_that_fits_nothing_is_refused_with_the_name_at_fault(old, new, code, name):
    assert old in MAPPING
    assert (code, name) in refusals(MAPPING.replace(old, new))


def test_every_code_of_the_import_has_its_sentences():
    folder = ROOT / "server" / "features" / "importing"
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py") if path.stem != "models")
    used = set(re.findall(r'"(import_[a-z0-9_]+)"', sources))
    known = {code for code in catalogue() if code.startswith("import_")}
    assert used == known
