"""What `torchgrade doctor` says of layers that are missing."""

import argparse

import pytest

from torchgrade.cli import doctoring
from torchgrade.sandbox.wall import LAYERS


def told(monkeypatch, capsys, *layers):
    monkeypatch.setenv("COLUMNS", "1000")
    monkeypatch.setattr(doctoring, "_try_out", lambda _: {"level": "C", "layers": layers, "escapes": []})
    assert doctoring._doctor(argparse.Namespace()) == 0
    lines = capsys.readouterr().out.splitlines()
    return {name: line for name in LAYERS for line in lines if f" {name} " in line.partition("│")[2][:20]}


def test_every_layer_is_explained():
    assert set(doctoring.LAYERS) == set(LAYERS)


def test_a_python_that_others_cannot_read_has_a_remedy_of_its_own(monkeypatch, capsys):
    closed = "/root/venv, which Python needs, cannot be read by user 60578"
    assert (
        "fixtures/shared where any user can read them"
        in told(monkeypatch, capsys, ["own-uid", False, closed])["own-uid"]
    )
    assert "run as root" in told(monkeypatch, capsys, ["own-uid", False, "no"])["own-uid"]


def test_what_the_lack_of_a_control_group_costs_is_said_and_what_helps(monkeypatch, capsys):
    line = told(monkeypatch, capsys, ["cgroup", False, "memory is not counted there"])["cgroup"]
    assert "together take far more" in line
    assert "systemd-run --user --scope" in line


def test_a_long_path_is_told_to_its_end(monkeypatch, capsys):
    path = "/sys/fs/cgroup/" + "x" * 60 + "/end"
    monkeypatch.setattr(
        doctoring, "_try_out", lambda _: {"level": "C", "layers": [["cgroup", False, path]], "escapes": []}
    )
    monkeypatch.setenv("COLUMNS", "80")
    doctoring._doctor(argparse.Namespace())
    cells = [line.split("│")[2].strip() for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    assert path in "".join(cells)


@pytest.mark.parametrize("name", LAYERS)
def test_what_holds_needs_no_remedy(monkeypatch, capsys, name):
    assert doctoring.LAYERS[name][1] not in told(monkeypatch, capsys, [name, True, ""])[name]
