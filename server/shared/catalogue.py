"""Publishes the declarations of all entities as the file that the browser app reads (SPEC 4.3)."""

import json
from typing import Any

from server.settings import ROOT
from server.shared.registry import CATALOGUE_VERSION, Registry
from sync.core.policy import to_json

FILE = ROOT / "config" / "catalogs" / "entities.json"


def render(registry: Registry) -> str:
    """The file's exact text, entities in alphabetical order."""
    specs = sorted((entity.spec for entity in registry), key=lambda spec: spec.name)
    content = {"schema": CATALOGUE_VERSION, "entities": [_short(to_json(spec)) for spec in specs]}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _short(entity: dict[str, Any]) -> dict[str, Any]:
    """Without what goes without saying: every new device fetches the file before its first screen (SPEC 4.3)."""
    fields = {
        name: {key: value for key, value in item.items() if (key, value) != ("group", name)}
        for name, item in entity["fields"].items()
    }
    whole = entity | {"fields": fields}
    return {key: value for key, value in whole.items() if value or key not in ("invariants", "blobs")}
