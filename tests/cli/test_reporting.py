"""`torchgrade report`: which files there are, what they say, and what is refused."""

import re
import subprocess
import sys
from urllib.parse import unquote

import pytest

from torchgrade.cli import main
from torchgrade.report.names import file_stem

from ..classroom.samples import class_of, result_of, write
from ..late.samples import result_of as late_result

EVIL = "<script>alert('1')</script>"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_one_assignment_has_a_page_and_one_for_each_student(here, capsys):
    write(here / "OUT" / "results.jsonl", class_of(30))
    assert main(["report", "OUT", "--out", "pages"]) == 0
    assert sorted(file.name for file in (here / "pages").iterdir()) == ["01-tensors.html", "students"]
    assert len(list((here / "pages" / "students").iterdir())) == 30
    assert "pages about students: 30" in capsys.readouterr().out
    page = (here / "pages" / "01-tensors.html").read_text(encoding="utf-8")
    for number in range(30):
        assert f'href="students/student-{number:04d}.html"' in page
    assert "Gradients are cleared by themselves" in page
    assert "index.html" not in page


def test_several_assignments_have_a_term(here):
    write(here / "a.jsonl", class_of(9))
    write(here / "b.jsonl", class_of(8, slug="02-arithmetic"))
    assert main(["report", "b.jsonl", "a.jsonl", "--out", "pages"]) == 0
    term = (here / "pages" / "index.html").read_text(encoding="utf-8")
    assert term.index("01-tensors.html") < term.index("02-arithmetic.html")
    student = (here / "pages" / "students" / "student-0003.html").read_text(encoding="utf-8")
    assert "01-tensors" in student
    assert "02-arithmetic" in student


def test_one_file_stands_alone(here):
    write(here / "a.jsonl", class_of(9))
    for name, option in (("one.html", []), ("term.html", ["--term"])):
        assert main(["report", "a.jsonl", "--out", name, *option]) == 0
        page = (here / name).read_text(encoding="utf-8")
        assert "students/" not in page
        assert "student-0003" in page
    assert sorted(file.name for file in here.iterdir()) == ["a.jsonl", "one.html", "term.html"]


def test_titles_come_from_the_course(mini, here, capsys):
    write(here / "a.jsonl", class_of(3, slug="01-mini"))
    assert main(["report", "a.jsonl", "--out", "a.html", "--course", str(mini)]) == 0
    assert "no course" not in capsys.readouterr().err
    assert main(["report", "a.jsonl", "--out", "b.html"]) == 0
    assert "no course is around here" in capsys.readouterr().err
    toml = (mini / "assignments" / "01-mini" / "assignment.toml").read_text("utf-8")
    title = toml.split('title = "')[1].split('"')[0]
    assert f"<h1>{title}</h1>" in (here / "a.html").read_text("utf-8")
    assert "<h1>01-mini</h1>" in (here / "b.html").read_text("utf-8")


def test_whatever_a_student_wrote_is_text(here):
    checks = list(next(iter(class_of(1))).checks)
    spoiled = [
        type(one)(one.id + EVIL, EVIL, EVIL, 2.0, 0.0, EVIL, False, EVIL, EVIL, EVIL, EVIL, EVIL, (EVIL,), 0.1)
        for one in checks
    ]
    broken = result_of("b", spoiled, "unreadable")
    write(here / "a.jsonl", [result_of(EVIL, spoiled), broken])
    assert main(["report", "a.jsonl", "--out", "pages", "--term"]) == 0
    files = sorted((here / "pages").rglob("*.html"))
    assert len(files) == 4
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text or file.name == "b.html"
    assert (here / "pages" / "students" / f"{file_stem(EVIL)}.html").is_file()


def test_every_link_leads_to_a_file(here):
    checks = list(next(iter(class_of(1))).checks)
    names = ["zoë ß 10", "100%", "a#b?c", "con", "Ann", "ann", "..", '"quoted"', "\u202eleft"]
    write(here / "a.jsonl", [result_of(name, checks) for name in names])
    assert main(["report", "a.jsonl", "--out", "pages", "--term"]) == 0
    for file in (here / "pages").rglob("*.html"):
        links = re.findall(r'href="([^"#]+)"', file.read_text("utf-8"))
        assert links
        for link in links:
            assert (file.parent / unquote(link)).is_file()
    assert len(list((here / "pages" / "students").iterdir())) == len(names)


def test_points_are_those_that_count_where_times_are_given(mini, here):
    toml = mini / "assignments" / "01-mini" / "assignment.toml"
    due = '[due]\nat = 2026-11-30T23:59:00+01:00\nzone = "Europe/Berlin"\npenalty_per_day = 0.5\n\n[limits]'
    toml.write_text(toml.read_text("utf-8").replace("[limits]", due), encoding="utf-8")
    write(here / "a.jsonl", [late_result("ann__1", 8.0), late_result("ann__2", 10.0), late_result("ben", 6.0)])
    times = ["submission,student,time", "ann__1,ann,2026-11-30 10:00", "ann__2,ann,2026-12-01 10:00"]
    (here / "times.csv").write_text("\n".join([*times, "ben,ben,2026-11-30 10:00"]), encoding="utf-8")
    given = ["report", "a.jsonl", "--course", str(mini), "--out", "pages", "--times", "times.csv"]
    assert main(given) == 0
    assert sorted(file.name for file in (here / "pages" / "students").iterdir()) == ["ann.html", "ben.html"]
    ann = (here / "pages" / "students" / "ann.html").read_text("utf-8")
    assert "5 / 10 points" in ann
    assert "ann__2" in ann
    assert "50 % off" in ann
    assert "each day begun costs 50 %" in (here / "pages" / "01-mini.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["a.jsonl", "a.jsonl"], "both hold results of 01-tensors"),
        (["a.jsonl", "b.jsonl", "--times", "names"], "belong to one assignment"),
        (["a.jsonl", "--times", "names"], "neither this folder nor one above it"),
        (["a.jsonl", "--out", "a.jsonl"], "a.jsonl/01-tensors.html: cannot be written"),
    ],
)
def test_what_is_wrong_is_said_and_ends_with_2(here, capsys, arguments, words):
    write(here / "a.jsonl", class_of(2))
    write(here / "b.jsonl", class_of(2, slug="02-b"))
    assert main(["report", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_no_torch_is_loaded(here):
    write(here / "a.jsonl", class_of(3))
    code = (
        "import sys; from torchgrade.cli import main; code = main(['report', 'a.jsonl', '--out', 'pages']);"
        "print(code, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 False"
