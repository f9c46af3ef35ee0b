"""Each import contract is shown to break once, on a violation planted in a copy."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PYTHON_VIOLATIONS = {
    "Rooms import only lower rooms": ("server/shared/planted.py", "import server.auth.services"),
    "The protocol needs the standard library only": ("sync/core/planted.py", "import flask"),
    "Inside a feature": ("server/features/planted/models.py", "import server.features.planted.services"),
    "Features meet only by services": ("server/features/other/services.py", "import server.features.planted.models"),
}

TYPESCRIPT_VIOLATIONS = {
    "sync-imports-only-lower-rooms": ("sync/a.ts", "../store/b"),
    "i18n-imports-only-lower-rooms": ("i18n/a.ts", "../ui/b"),
    "store-imports-only-lower-rooms": ("store/a.ts", "../transport/b"),
    "ui-imports-only-lower-rooms": ("ui/a.ts", "../features/one/b"),
    "transport-imports-only-lower-rooms": ("transport/a.ts", "../ui/b"),
    "features-imports-only-lower-rooms": ("features/one/a.ts", "../../transport/b"),
    "service-worker-imports-only-lower-rooms": ("service-worker/a.ts", "../ui/b"),
    "app-imports-only-lower-rooms": ("app/a.ts", "../service-worker/b"),
    "features-meet-only-by-queries-and-commands": ("features/one/c.ts", "../two/model"),
    "no-cycles": ("store/c.ts", "./d"),
    "tests-stay-out-of-the-app": ("store/f.ts", "./testing"),
    "sync-uses-only-its-packages": ("sync/d.ts", "dexie"),
    "store-uses-only-its-packages": ("store/e.ts", "workbox-precaching"),
    "transport-uses-only-its-packages": ("transport/c.ts", "dexie"),
    "features-uses-only-its-packages": ("features/one/d.ts", "dexie"),
}
INNOCENT = (
    "store/b",
    "transport/b",
    "ui/b",
    "store/testing",
    "features/one/b",
    "features/two/model",
    "service-worker/b",
)


@pytest.fixture
def python_copy(tmp_path: Path) -> Path:
    for room in ("server", "sync"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")


def test_each_python_contract_breaks_on_a_planted_import(python_copy: Path):
    for feature in ("planted", "other"):
        write(python_copy / f"server/features/{feature}/__init__.py", "")
    write(python_copy / "server/features/planted/services.py", "")
    for path, line in PYTHON_VIOLATIONS.values():
        write(python_copy / path, line)
    answer = lint_imports(python_copy)
    broken = [line for line in answer.stdout.splitlines() if " BROKEN" in line]
    assert answer.returncode == 1, answer.stdout
    assert len(broken) == len(PYTHON_VIOLATIONS)
    assert all(any(line.startswith(name) for line in broken) for name in PYTHON_VIOLATIONS)


def test_every_typescript_arrow_breaks_on_a_planted_import(tmp_path: Path):
    for name in INNOCENT:
        write(tmp_path / f"src/{name}.ts", "export const innocent = 1;")
    for path, target in TYPESCRIPT_VIOLATIONS.values():
        write(tmp_path / "src" / path, f'export * from "{target}";')
    write(tmp_path / "src/store/d.ts", 'export * from "./c";')
    answer = check_arrows(tmp_path)
    assert answer.returncode == 1
    told = {line.split(":")[0] for line in answer.stderr.splitlines()}
    assert set(TYPESCRIPT_VIOLATIONS) <= told


def test_the_typescript_check_fails_when_it_inspected_nothing(tmp_path: Path):
    (tmp_path / "src").mkdir()
    answer = check_arrows(tmp_path)
    assert answer.returncode == 1
    assert "inspected no module" in answer.stderr


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def check_arrows(folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "node_modules").symlink_to(ROOT / "pwa/node_modules")
    shutil.copy(ROOT / "pwa/tsconfig.json", folder)
    node = str(Path(sys.executable).with_name("node"))
    command = [node, str(ROOT / "pwa/tools/check-arrows.mjs")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
