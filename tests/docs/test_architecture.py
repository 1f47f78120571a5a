"""docs/architecture.md names every room of the package once, in the order of the imports, and no file that is gone."""

import re

from ..test_layers import PACKAGE, ROOMS
from .pages import DOCS

PAGE = (DOCS / "architecture.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ((?:`\w+/?`(?:, )?)+) \| (.+) \|$", PAGE.partition("## Rooms")[2].partition("\n## ")[0], re.M)
NAME = re.compile(r"`(\w+)/?`")


def test_each_room_has_one_row():
    named = [room for rooms, _ in ROWS for room in NAME.findall(rooms)]
    assert sorted(named) == sorted([*(room for rooms in ROOMS for room in rooms), "locale"])


def test_the_arrows_are_the_order_of_the_imports():
    (line,) = re.findall(r"^`(cli → .+)`$", PAGE, re.M)
    assert [set(rooms.split(", ")) for rooms in line.split(" → ")] == [set(rooms) for rooms in reversed(ROOMS)]


def test_the_modules_of_a_row_are_in_its_room():
    known = {room for rooms in ROOMS for room in rooms}  # `late` stands in another room's row, too
    named = [(NAME.findall(rooms)[0], name) for rooms, holds in ROWS for name in NAME.findall(holds)]
    assert len(named) > 50
    gone = [
        (room, name)
        for room, name in named
        if name not in known and not (PACKAGE / room / name).exists() and not (PACKAGE / room / f"{name}.py").exists()
    ]
    assert gone == []
