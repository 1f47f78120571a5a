"""`torchgrade serve` before it serves; what it serves is tried in tests/web."""

import socket

import pytest

from torchgrade.cli import main

pytest.importorskip("waitress")
pytest.importorskip("flask_limiter")


def test_a_port_that_is_taken_is_said_in_a_sentence(mini, tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        words = ["serve", "--course", str(mini), "--out", str(tmp_path / "OUT"), "--allow-unconfined", "--port", port]
        assert main(words) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"torchgrade: 127.0.0.1, port {port}: ")
    assert "name another --port" in said
