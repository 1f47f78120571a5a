"""What each format gives for a small class, kept as files.

After a change that is meant: ``TORCHGRADE_REWRITE_GOLDEN=1 pytest tests/export``, then read the diff.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from torchgrade.export import FORMATS

from .samples import WISHES, mixed, small_class

GOLDEN = Path(__file__).parent / "golden"
CASES = {one.name: (one, WISHES) for one in FORMATS}
CASES["github-annotations"] = (CASES["github"][0], replace(WISHES, part="annotations"))
CASES["canvas-scaled"] = (CASES["canvas"][0], replace(WISHES, scale=True, column="Tensors (1234)", identity="ID"))
CASES["csv-checks"] = (CASES["csv"][0], replace(WISHES, rows="checks"))


@pytest.mark.parametrize("name", CASES)
def test_format_is_as_kept(name, monkeypatch):
    monkeypatch.setattr("torchgrade.export.check50.version", lambda _: "1.2.3")
    one, wishes = CASES[name]
    export = one.write([mixed()] if one.single else small_class(), wishes)
    text = export.text + "".join(f"note: {note}\n" for note in export.notes)
    file = GOLDEN / f"{name}.{one.ending}"
    if os.environ.get("TORCHGRADE_REWRITE_GOLDEN") == "1":
        file.write_bytes(text.encode())
    assert text == file.read_bytes().decode()
