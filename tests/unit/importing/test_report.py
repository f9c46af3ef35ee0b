"""The report shows an operator what would happen, and is safe to print."""

import re
from collections import Counter

from server.features.importing.report import Report
from server.features.importing.services import Outcome, Outlook
from server.features.importing.undoing import Kept, Undone
from tests.factories.old_system import FILES, plan_of


def test_a_plan_is_shown_with_counts_samples_and_notices():
    counts = {"customer": Counter(new=2), "site": Counter(changed=1, same=1)}
    lines = list(Report("en").plan(plan_of(), Outlook(counts, ())))
    assert "  firms.csv: 2 rows, utf-8" in lines
    assert any(line.split() == ["customer", "2", "0", "0", "0"] for line in lines)
    assert any(line.split() == ["site", "0", "1", "1", "0"] for line in lines)
    (sample,) = [line for line in lines if line.startswith("  customer firms.csv:2: ")]
    assert "name=大同商行" in sample
    assert "notes=第一行⏎第二行" in sample
    assert "tags=零售; 食品" in sample
    assert "territory_id=王小明" in sample
    assert any("firms.csv [contact]: Empty in 1 of 2 rows." in line for line in lines)


def test_what_a_row_belongs_to_is_told_by_name():
    lines = [line for line in Report("en").plan(plan_of(), Outlook({}, ())) if "_id=" in line]
    assert "parent_id=(the whole company)" in " ".join(lines)
    assert "territory_id=(unassigned)" in " ".join(lines)
    assert not any(re.search(r"[0-9a-f]{8}-", line) for line in lines)


def test_faults_are_told_in_the_asked_language_with_place_and_code():
    plan = plan_of(areas="id,name\nN,\nS,南\n")
    for language, sentence in (("zh-Hant", "name 不能空白；請補上。"), ("en", "name must not be empty. Fill it in.")):
        lines = list(Report(language).plan(plan, None))
        assert lines[-2:] == ["Faults: 1", f"  areas.csv:2 [name]: {sentence} (import_required)"]


def test_what_a_file_holds_cannot_steer_the_terminal():
    plan = plan_of(firms=FILES["firms.csv"].replace("大同商行", "\x1b[2J大同" + "長" * 2_000))
    lines = list(Report("en").plan(plan, None))
    assert all(line.isprintable() and len(line) < 600 for line in lines)
    plan = plan_of(firms=FILES["firms.csv"].replace("F1,", "\x1b[2J,"), orders="id,firm,who,on\n")
    assert all(line.isprintable() for line in Report("en").plan(plan, Outlook({}, ())))


def test_an_outcome_tells_how_to_take_it_back():
    lines = list(Report("en").outcome(Outcome("p1", False, Counter(new=3), 1)))
    assert lines[1] == "Finished plan p1: 3 rows new, 0 changed."
    assert "1 values clash" in lines[2]
    assert lines[-1] == "Take it back with: baifang import --undo p1"


def test_an_undo_names_what_stays_and_why():
    lines = list(Report("en").undone(Undone(2, [Kept("customer", "大同\x07", "import_kept_edited")])))
    assert lines[0] == "2 rows deleted, 1 kept."
    assert lines[1] == "  customer 大同�: Somebody changed it since. Delete it yourself if it should go."
