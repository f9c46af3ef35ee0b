"""Who may see which territories follows from assignments and reporting lines alone."""

from server.features.territories.tree import Colleague, Node, below, grants
from server.shared.actor import Role

NODES = (
    Node("root", "全公司", None, "region"),
    Node("north", "北區", "root", "region"),
    Node("south", "南區", "root", "region"),
    Node("n1", "北一", "north", "patch", ("amy",)),
    Node("n2", "北二", "north", "patch", ("bob",)),
    Node("s1", "南一", "south", "patch", ("cat",)),
)
PEOPLE = (
    Colleague("ada", Role.ADMIN, None, True),
    Colleague("max", Role.MANAGER, "ada", True),
    Colleague("amy", Role.REP, "max", True),
    Colleague("bob", Role.REP, "max", True),
    Colleague("cat", Role.REP, None, True),
)


def territories(person_id: str, people=PEOPLE, nodes=NODES) -> set[str]:
    scopes = grants(nodes, people)[person_id]
    return {scope.removeprefix("territory:") for scope in scopes if scope.startswith("territory:")}


def test_everybody_gets_everyone_and_their_own() -> None:
    for person_id, scopes in grants(NODES, PEOPLE).items():
        assert {"everyone", f"person:{person_id}"} <= scopes


def test_rep_gets_the_assigned_territory_only() -> None:
    assert territories("amy") == {"n1"}


def test_assignment_reaches_everything_below() -> None:
    nodes = (*NODES[:1], Node("north", "北區", "root", "region", ("cat",)), *NODES[2:])
    assert territories("cat", nodes=nodes) == {"north", "n1", "n2", "s1"}


def test_manager_gets_what_reports_see() -> None:
    assert territories("max") == {"n1", "n2"}


def test_manager_of_a_manager_gets_it_too() -> None:
    people = (*PEOPLE[:1], Colleague("max", Role.MANAGER, "cat", True), *PEOPLE[2:])
    assert territories("cat", people=people) == {"n1", "n2", "s1"}


def test_admin_gets_the_whole_tree() -> None:
    assert territories("ada") == {node.id for node in NODES}


def test_disabled_person_gets_nothing_but_their_manager_keeps_the_territory() -> None:
    people = (*PEOPLE[:2], Colleague("amy", Role.REP, "max", False), *PEOPLE[3:])
    assert grants(NODES, people)["amy"] == set()
    assert territories("max", people=people) == {"n1", "n2"}


def test_reporting_in_a_circle_ends() -> None:
    people = (Colleague("amy", Role.REP, "bob", True), Colleague("bob", Role.REP, "amy", True))
    assert territories("amy", people=people) == {"n1", "n2"}


def test_below_ends_on_a_loop_in_the_tree() -> None:
    nodes = (Node("a", "甲", "b", "region"), Node("b", "乙", "a", "region"))
    assert below(nodes) == {"a": {"a", "b"}, "b": {"a", "b"}}


def test_assigned_stranger_is_ignored() -> None:
    nodes = (Node("root", "全公司", None, "region", ("ghost",)),)
    assert grants(nodes, ()) == {}
