"""What a student sees who runs pytest."""

import json
import shutil
import subprocess
import sys

import pytest

from torchgrade.cli import main


@pytest.fixture
def handed_out(mini):
    """The small course as students receive it."""
    assert main(["release", "--course", str(mini)]) == 0
    return mini / "student_template" / "01-mini"


def run(folder, *options):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)


def answer(folder, old, new):
    path = folder / "mini.py"
    path.write_text(path.read_text().replace(old, new, 1))


TODO = 'raise NotImplementedError("TODO: zeros_matrix")'


def test_the_untouched_stub_is_to_do(handed_out):
    result = run(handed_out)
    assert result.returncode == 1
    assert "to do zeros_matrix  0/2" in result.stdout
    assert "score: 0 of 2 points" in result.stdout
    assert "Traceback" not in result.stdout


def test_a_right_answer_is_ok(handed_out):
    answer(handed_out, TODO, "return torch.zeros(rows, columns)")
    result = run(handed_out)
    assert result.returncode == 0
    assert "ok    zeros_matrix  2/2" in result.stdout
    assert "score: 2 of 2 points" in result.stdout


def test_a_wrong_answer_is_told_what_came_and_what_to_try(handed_out):
    answer(handed_out, TODO, "return torch.zeros(rows, columns, dtype=torch.float64)")
    result = run(handed_out)
    assert "wrong zeros_matrix  0/2" in result.stdout
    assert "A 3x4 matrix of float32 zeros." in result.stdout
    assert "float64" in result.stdout
    assert "site-packages" not in result.stdout


def test_an_exception_names_the_students_line(handed_out):
    answer(handed_out, TODO, "return torch.zeros(rows, columns) + missing")
    result = run(handed_out)
    line = next(
        number for number, text in enumerate((handed_out / "mini.py").read_text().splitlines(), 1) if "missing" in text
    )
    assert f"line {line}: return torch.zeros(rows, columns) + missing" in result.stdout
    assert "NameError" in result.stdout


def test_hints_are_shown_on_request_only(handed_out):
    hint = "torch.zeros takes the sizes one after the other."
    assert hint not in run(handed_out).stdout
    assert hint in run(handed_out, "--torchgrade-hints").stdout


def test_checks_are_chosen_by_their_exercise(handed_out):
    assert "to do zeros_matrix" in run(handed_out, "-k", "zeros_matrix").stdout
    assert "deselected" in run(handed_out, "-k", "not zeros_matrix").stdout


def test_a_loop_that_never_ends_is_stopped(handed_out):
    answer(handed_out, TODO, "while True: pass")
    assert "Does a loop never end?" in run(handed_out).stdout


def test_prints_are_shown_by_pytest_as_always(handed_out):
    answer(handed_out, TODO, 'print("here I am"); return torch.zeros(rows, columns)')
    assert "here I am" in run(handed_out, "-s").stdout


def test_the_sandbox_can_be_asked_for(handed_out):
    answer(handed_out, TODO, "return torch.zeros(rows, columns)")
    assert "score: 2 of 2" in run(handed_out, "--torchgrade-isolation=sandbox").stdout


def test_a_missing_file_says_what_to_write(handed_out):
    (handed_out / "mini.py").unlink()
    (handed_out / "mini.ipynb").unlink()
    result = run(handed_out)
    assert result.returncode == 4
    assert "mini.py is not there" in result.stderr + result.stdout


def test_hidden_checks_and_their_data_are_not_handed_out(handed_out):
    for path in handed_out.rglob("*"):
        if path.is_file():
            text = path.read_text()
            assert "SECRET" not in text
            assert "test_halves" not in text


def test_visible_checks_may_import_what_is_shared(mini):
    checks = mini / "graders" / "01-mini" / "test_mini.py"
    checks.write_text(checks.read_text().replace("submission.zeros_matrix(3, 4)", "submission.zeros_matrix(3, SIDE)"))
    assert main(["release", "--course", str(mini)]) == 0
    assert "to do zeros_matrix" in run(mini / "student_template" / "01-mini").stdout


def test_an_author_checks_the_reference_with_pytest(mini):
    result = run(mini, "graders/01-mini")
    assert result.returncode == 0
    assert "score: 5 of 6 points" in result.stdout
    assert "1 of them waits for a machine with a GPU" in result.stdout


def test_an_authors_mistake_shows_its_traceback(mini):
    checks = mini / "graders" / "01-mini" / "test_mini.py"
    checks.write_text(checks.read_text().replace("expect(submission.zeros_matrix(3, 4))", "expect(no_such_name)"))
    assert "NameError: name 'no_such_name' is not defined" in run(mini, "graders/01-mini").stdout


def test_a_plain_run_elsewhere_is_left_alone(tmp_path):
    (tmp_path / "test_plain.py").write_text(
        "import sys\n"
        "def test_one(): assert 'torch' not in sys.modules and 'torchgrade.submission' not in sys.modules\n"
        "def test_two(): assert False, 'as always'\n"
    )
    result = run(tmp_path, "-q")
    assert "1 failed, 1 passed" in result.stdout
    assert "as always" in result.stdout


def test_a_students_folder_works_wherever_it_lies(handed_out, tmp_path):
    moved = shutil.copytree(handed_out.parent, tmp_path / "elsewhere")
    assert "to do zeros_matrix" in run(moved / "01-mini").stdout


def test_a_notebook_is_checked_when_more_is_done_in_it(handed_out):
    path = handed_out / "mini.ipynb"
    path.write_text(path.read_text().replace(json.dumps(TODO)[1:-1], "return torch.zeros(rows, columns)"))
    assert "ok    zeros_matrix  2/2" in run(handed_out).stdout


def test_the_summary_can_be_had_as_data(handed_out):
    run(handed_out, "--torchgrade-report", "report.json", "--torchgrade-hints")
    record = json.loads((handed_out / "report.json").read_text())
    assert (record["title"], record["earned"], record["points"]) == ("A small course", 0.0, 2.0)
    (exercise,) = record["exercises"]
    assert (exercise["name"], exercise["state"], exercise["complaints"]) == ("zeros_matrix", "to do", [])
    assert exercise["hint"]


def test_the_summary_is_chinese_where_it_is_asked_for(handed_out):
    answer(handed_out, TODO, "return torch.zeros(rows, columns, dtype=torch.float64)")
    result = run(handed_out, "--torchgrade-hints", "--torchgrade-lang", "zh")
    assert "有错  zeros_matrix  0/2" in result.stdout
    assert "NumPy 默认是 float64" in result.stdout
    assert "提示：torch.zeros takes the sizes" in result.stdout  # its author has not translated it
    assert "得分：0 / 2 分" in result.stdout


def test_the_environment_chooses_the_language(handed_out, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    result = run(handed_out)
    assert "待写  zeros_matrix  0/2" in result.stdout
    assert "1 待完成" in result.stdout


def test_a_language_that_is_not_there_is_named(handed_out):
    result = run(handed_out, "--torchgrade-lang", "tlh")
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--torchgrade-lang: there is no language 'tlh' here; there are en, zh_CN" in result.stderr + result.stdout
