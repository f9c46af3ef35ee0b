"""Publishes the declarations of all entities as the file that the browser app reads (SPEC 4.3)."""

import json

from server.settings import ROOT
from server.shared.registry import CATALOGUE_VERSION, Registry
from sync.core.policy import to_json

FILE = ROOT / "config" / "catalogs" / "entities.json"


def render(registry: Registry) -> str:
    """The file's exact text, entities in alphabetical order."""
    specs = sorted((entity.spec for entity in registry), key=lambda spec: spec.name)
    content = {"schema": CATALOGUE_VERSION, "entities": [to_json(spec) for spec in specs]}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
