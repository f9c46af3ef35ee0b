"""Every vector holds in Python; the browser's twin runs the same files."""

import json
from pathlib import Path
from typing import Any

import pytest

from sync.core import canonical, policy
from sync.core.canonical import CanonicalError
from sync.core.cursor import CursorError
from sync.core.mutation import MutationError
from tests.conformance.adapters import ADAPTERS

VECTORS = Path(canonical.__file__).parent.parent / "vectors"
OTHER_FORMS = ("schema.json", "fold.json")  # the form itself; names folded for search
FILES = sorted(path for path in VECTORS.glob("*.json") if path.name not in OTHER_FORMS)


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def cases():
    for path in FILES:
        content = load(path)
        for case in content["cases"]:
            yield pytest.param(content, case, id=f"{path.stem}: {case['name']}")


def plain(value: Any) -> Any:
    """As JSON would carry it: tuples are lists, and true is not 1."""
    return json.loads(json.dumps(value, sort_keys=True))


def run(content: dict[str, Any], case: dict[str, Any]) -> Any:
    specs = {name: policy.from_json(spec) for name, spec in content.get("specs", {}).items()}
    return plain(ADAPTERS[content["module"]](case["function"], case["input"], specs))


@pytest.mark.parametrize(("content", "case"), list(cases()))
def test_vector_holds(content: dict[str, Any], case: dict[str, Any]):
    if "error" in case:
        with pytest.raises((CanonicalError, MutationError, CursorError)) as caught:
            run(content, case)
        assert caught.value.code == case["error"]
    else:
        assert json.dumps(run(content, case)) == json.dumps(plain(case["expect"]))


def test_every_file_has_the_documented_form():
    allowed = {"module", "description", "specs", "cases"}
    for path in FILES:
        content = load(path)
        assert allowed >= content.keys() >= allowed - {"specs"}, path.name
        assert content["module"] == f"core/{path.stem}"
        names = [case["name"] for case in content["cases"]]
        assert len(names) == len(set(names)) > 0, path.name
        for case in content["cases"]:
            assert case.keys() - {"expect", "error"} == {"name", "function", "input"}, case
            assert ("expect" in case) != ("error" in case), case["name"]
