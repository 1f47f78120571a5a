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
    rooms = {room for named in ROOMS for room in named}
    gone = [
        (room, name)
        for room, holds in ((NAME.findall(rooms)[0], holds) for rooms, holds in ROWS)
        for name in NAME.findall(holds)
        if not {PACKAGE / room / f"{name}.py", PACKAGE / room / name} & set((PACKAGE / room).rglob("*"))
    ]
    assert [(room, name) for room, name in gone if name not in rooms] == []  # `late` stands in another room's row
