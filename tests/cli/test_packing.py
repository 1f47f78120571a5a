import pytest

from torchgrade.cli import main


def test_help_says_who_may_have_a_pack(capsys):
    with pytest.raises(SystemExit):
        main(["pack", "--help"])
    assert "never to students" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(("memory", "container"), [(2048, "3 GB"), (300, "1 GB"), (4096, "5 GB")])
def test_the_container_fits_what_a_students_process_may_take(mini, tmp_path, capsys, memory, container):
    file = mini / "assignments" / "01-mini" / "assignment.toml"
    file.write_text(file.read_text().replace("[limits]", f"[limits]\nmemory_mb = {memory}"))
    assert main(["pack", "gradescope", "01-mini", "--course", str(mini), "--out", str(tmp_path / "a.zip")]) == 0
    told = capsys.readouterr().out
    assert f"container with {container}" in told
    assert "--index" in told


def test_an_unknown_assignment_is_a_usage_error(mini, tmp_path, capsys):
    assert main(["pack", "github", "02-gone", "--course", str(mini), "--to", str(tmp_path / "to")]) == 2
    assert "no such assignment" in capsys.readouterr().err
    assert not (tmp_path / "to").exists()
