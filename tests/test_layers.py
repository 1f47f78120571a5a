"""Imports inside the package point one way only."""

import ast
from pathlib import Path

import pytest

import torchgrade

PACKAGE = Path(torchgrade.__file__).parent
# From the bottom up; a module may import from its own room and from those before it.
ROOMS = [
    ["language", "errors", "checks", "misconceptions"],
    ["course"],
    ["wire"],
    ["sandbox"],
    ["submission", "expect"],
    ["plugin"],
    ["grade"],
    ["late"],
    ["classroom", "similarity"],
    ["report", "gradebook", "verify", "notebook"],
    ["watch"],
    ["export"],
    ["pack", "importing"],
    ["cluster", "web"],
    ["cli"],
]
RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(module: str) -> str:
    return module.removeprefix("torchgrade").lstrip(".").partition(".")[0]


def imported_by(path: Path) -> set[str]:
    """Return the torchgrade modules that a file imports, at its top or inside a function."""
    inside = path.relative_to(PACKAGE.parent).with_suffix("").parts
    package = inside[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("torchgrade.")}
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            found |= {".".join((*base, *filter(None, [node.module]), alias.name)) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("torchgrade"):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_imports_upward(path):
    own = room_of(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
    own = {"__init__": "", "__main__": "cli"}.get(own, own)
    if not own:
        return  # the package itself names its public parts, and loads them on first use
    upward = {name for name in imported_by(path) if RANK.get(room_of(name), RANK[own]) > RANK[own]}
    assert not upward


def test_every_room_has_its_place():
    rooms = {path.name.removesuffix(".py") for path in PACKAGE.iterdir() if not path.name.startswith("__")}
    assert rooms - {"py.typed", "locale"} <= set(RANK)


def test_the_worker_side_needs_only_the_wire():
    untrusted = ["worker.py", "verbs.py", "observing.py", "failures.py", "program.py", "shared.py", "loading.py"]
    untrusted += ["notebook.py", "magics.py", "piecemeal.py", "pieces.py", "slicing.py"]
    for name in untrusted:
        rooms = {room_of(module) for module in imported_by(PACKAGE / "sandbox" / name)}
        assert rooms <= {"wire", "sandbox"}, name


def test_no_circle_among_the_modules():
    graph = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): imported_by(path)
        for path in MODULES
        if path.name != "__init__.py"
    }

    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        for name in graph.get(start, ()):
            target = name if name in graph else name.rpartition(".")[0]
            if target == goal or (target in graph and target not in seen and reaches(target, goal, seen | {target})):
                return True
            seen = seen | {target}
        return False

    assert [name for name in graph if reaches(name, name, {name})] == []
