"""Every attack is graded in one run, with an honest submission after each; then we look for what it has done.

The attacks are ``fixtures/attacks/submissions``, each with the points that it honestly earns in ``expected.toml``.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from torchgrade.report.names import file_stem

from .samples import ATTACKS, COURSE, FULL_SCORE, STUDENT_CANARY, HandedIn, hand_in, read_attacks
from .traces import adopting_orphans, files_with, kernel_objects, listening, state_of

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux", reason="hidden checks are graded on Linux only"),
]
LIMIT_SECONDS = 600
# What only the grader's side knows: the word in the checks' file, the hidden inputs, the answers to them.
CANARIES = (
    "quillwort", "48611.25", "20983.75", "145834.75", "-62950.25", "739071", "604139", "51423.75", "90217.125",
    "36852.625", "BREACH", STUDENT_CANARY,
)  # fmt: skip
# Words that got as far as the instructor's results, so that a page which lacks them has left them out.
SAID_TO_THE_INSTRUCTOR = [
    ("carries_in_errors", "48611.25"), ("carries_in_errors", "51423.75"),
    ("carries_in_exit_codes", "168"), ("frames_that_name_functions", "48611.25"),
]  # fmt: skip
RENDERER = MarkdownIt("commonmark", {"html": True})
ATTACKS_BY_NAME = {attack.technique: attack for attack in read_attacks()}
every_attack = pytest.mark.parametrize("technique", ATTACKS_BY_NAME)


@dataclass
class Run:
    """What grading the whole class came to."""

    folder: Path
    word: str
    handed_in: dict[str, HandedIn]
    secret: str
    code: int = 0
    output: bytes = b""
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: list[object] = field(default_factory=list)
    left: set[int] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)
    names_later: set[str] = field(default_factory=set)

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def result_of(self, submission: str) -> dict[str, Any]:
        if submission not in self.results:
            pytest.fail(f"{submission!r} has no result; the run ended with {self.code}: {self.output[-2000:]!r}")
        return self.results[submission]

    def pages_of(self, submission: str) -> str:
        """Return both pages as they are."""
        return self._page(submission, ".md") + self._page(submission, ".html")

    def shown_of(self, submission: str) -> str:
        """Return both pages as HTML that a browser gets, without the style sheet, which is the same for all."""
        style = re.compile(r"<style>.*?</style>", re.DOTALL)
        return RENDERER.render(self._page(submission, ".md")) + style.sub("", self._page(submission, ".html"))

    def _page(self, submission: str, ending: str) -> str:
        return (self.out / "feedback" / f"{file_stem(submission)}{ending}").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Grade the whole class once."""
    word = f"{secrets.randbits(31):08x}"
    folder = tmp_path_factory.mktemp(f"run-{word}")
    shutil.copytree(COURSE, folder / "course")
    with listening() as (port, heard), adopting_orphans() as left:
        handed_in = hand_in(list(ATTACKS_BY_NAME.values()), folder / "class", {"@RUN@": word, "@PORT@": str(port)})
        (folder / "home").mkdir()
        done = Run(folder, word, handed_in, f"secret-{word}", heard=heard, left=left)
        before = state_of(folder / "course"), _names(folder / "class")
        done.code, done.output = _grade(done, folder / "class" / "files", folder / "class" / "folders")
        done.results = _read_results(done.out)
        after = state_of(folder / "course"), _names(folder / "class")
        done.changed = [str(sorted(_changes(old, new))) for old, new in zip(before, after, strict=True) if old != new]
        honest = next(iter(handed_in.values())).neighbour
        _grade(done, folder / "class" / "files" / f"{honest}.py")
        done.names_later = set(_read_results(done.out))
    return done


def _grade(done: Run, *paths: Path) -> tuple[int, bytes]:
    """Run the command in the folder that the students' files are in; return its exit code and what it wrote."""
    command = [sys.executable, "-I", "-m", "torchgrade", "grade", "01-target", *map(str, paths)]
    command += ["--course", str(done.folder / "course"), "--out", str(done.out)]
    environment = {**os.environ, "TORCHGRADE_CANARY_SECRET": done.secret, "HOME": str(done.folder / "home")}
    with subprocess.Popen(
        command, cwd=done.folder / "class" / "files", env=environment, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            output, _ = process.communicate(timeout=LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            output += b"\n(the run took too long)"
    return process.returncode, output


def _read_results(out: Path) -> dict[str, dict[str, Any]]:
    return {record["submission"]: record for record in map(json.loads, _lines(out))}


def _lines(out: Path) -> list[str]:
    return [line for line in (out / "results.jsonl").read_text(encoding="utf-8").split("\n") if line]


def _names(folder: Path) -> dict[str, bool]:
    return {str(path.relative_to(folder)): path.is_dir() for path in folder.rglob("*")}


def _changes(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def test_every_sample_is_graded():
    assert {path.stem for path in (ATTACKS / "submissions").iterdir()} == set(ATTACKS_BY_NAME)
    assert len(ATTACKS_BY_NAME) >= 40


def test_the_run_says_that_all_went_well(run):
    assert run.code == 0, run.output[-4000:].decode(errors="replace")


@every_attack
def test_an_attack_earns_no_more_than_honest_work(run, technique):
    result = run.result_of(run.handed_in[technique].submission)
    assert result["score"] <= ATTACKS_BY_NAME[technique].score
    assert result["max_score"] == FULL_SCORE
    assert result["deferred"] == 0


@every_attack
def test_an_attack_gets_the_verdicts_it_should(run, technique):
    result = run.result_of(run.handed_in[technique].submission)
    found = {check["id"].rpartition("::test_")[2]: check["status"] for check in result["checks"]}
    wanted = ATTACKS_BY_NAME[technique].checks
    assert result["status"] == ATTACKS_BY_NAME[technique].status
    assert "error" not in found.values()
    if result["confinement"]["level"] <= ATTACKS_BY_NAME[technique].level:
        assert {name: found[name] for name in wanted} == wanted


@every_attack
def test_the_next_student_keeps_all_points(run, technique):
    result = run.result_of(run.handed_in[technique].neighbour)
    assert (result["status"], result["score"]) == ("graded", FULL_SCORE), result["checks"]


@every_attack
def test_no_page_tells_what_is_hidden(run, technique):
    handed_in = run.handed_in[technique]
    run.result_of(handed_in.submission)
    for submission in (handed_in.submission, handed_in.neighbour):
        pages = run.pages_of(submission)
        assert not [word for word in (*CANARIES, run.secret) if word in pages], pages
        assert not [word for word in ATTACKS_BY_NAME[technique].never if word in run.shown_of(submission)], pages


@pytest.mark.parametrize(("technique", "word"), SAID_TO_THE_INSTRUCTOR)
def test_what_the_pages_leave_out_was_there_to_leave_out(run, technique, word):
    result = run.result_of(run.handed_in[technique].submission)
    assert word in json.dumps([check["message"] for check in result["checks"] if not check["visible"]])


def test_nothing_says_that_an_attack_got_through(run):
    broken = [name for name, result in run.results.items() if "BREACH" in json.dumps(result)]
    assert not broken


def test_nobody_called_home(run):
    assert not run.heard


def test_no_process_is_left(run):
    assert not run.left


def test_no_file_is_left(run):
    assert not files_with(run.word, run.folder / "home", *(run.folder / "class").iterdir())
    assert not list((run.folder / "home").iterdir())
    assert not run.changed
    assert not kernel_objects(int(run.word, 16))


def test_only_who_handed_in_has_a_result(run):
    handed_in = {name for one in run.handed_in.values() for name in (one.submission, one.neighbour)}
    assert set(run.results) == handed_in | {"neighbour"}
    assert len(_lines(run.out)) == len(run.results)


def test_only_results_and_pages_are_in_the_output_folder(run):
    assert {path.name for path in run.out.iterdir()} <= {"results.jsonl", ".graded-with", "feedback"}
    pages = {path.suffix for path in (run.out / "feedback").iterdir()}
    assert pages == {".md", ".html"}


def test_results_stay_of_a_moderate_size(run):
    assert (run.out / "results.jsonl").stat().st_size < 5 << 20
    assert sum(path.stat().st_size for path in (run.out / "feedback").iterdir()) < 20 << 20


def test_a_later_run_keeps_every_result(run):
    assert run.names_later == set(run.results)


def test_nothing_acts_on_the_terminal(run):
    assert b"\x1b" not in run.output
    assert b"\x9b" not in run.output.decode(errors="replace").encode("latin-1", "replace")
