"""A class graded in Chinese: what students read is Chinese, and what it is worth does not depend on the language."""

import json
import re
import shutil
from html import unescape

import pytest

from torchgrade.cli import main
from torchgrade.course.words import compiled

from ..conftest import MINI

RIGHT = "import torch\ndef zeros_matrix(r, c): return torch.zeros(r, c)\ndef halve(x): return x * 0.5\n"
SUBMISSIONS = {
    "right.py": RIGHT,
    "float64.py": RIGHT.replace("torch.zeros(r, c)", "torch.zeros(r, c, dtype=torch.float64)"),
    "in_place.py": RIGHT.replace("x * 0.5", "x.div_(2)"),
    "missing.py": "import torch\ndef half(x): return x / 2\n",
    "unreadable.py": "raise KeyError('k')\n",
    "exits.py": RIGHT.replace("return x * 0.5", "import os; os._exit(3)"),
    "cells.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": ["!ls\n", RIGHT]}]}),
    "cut.ipynb": '{"cells": [',
}
TITLE = "A 3x4 matrix of float32 zeros."
TRANSLATED = {TITLE: "3x4 的 float32 零矩阵。", "A small course": "一门小课", "div_ writes into x.": "div_ 会写入 x。"}
# What its author wrote and did not translate stays as it is written.
AUTHORS = re.compile(
    "Every element is halved and the argument stays|The result stays on the GPU|Matrices of other sizes|"
    "A matrix of zeros|Half of a tensor|torch.zeros takes the sizes one after the other|The sizes are the arguments|"
    "Divide, and leave the argument alone|x itself must not change|An in-place division returns a new tensor|"
    "NumPy.s zeros are float32|NumPy.s default is float64"
)
ENGLISH = re.compile(r"[A-Za-z]{2,}[,;:.]? [A-Za-z]{2,}[,;:.]? [A-Za-z]{2,}")


def grade(course, *options):
    out = course / "OUT"
    code = main(["grade", "01-mini", str(course / "subs"), "--course", str(course), "--out", str(out), *options])
    assert code == 0
    return {record["submission"]: record for record in map(json.loads, (out / "results.jsonl").open(encoding="utf-8"))}


def worth(records):
    """Return what must not depend on the language."""
    keys = ("id", "status", "score", "points", "visible", "misconception")
    return {
        name: (
            record["status"],
            record["score"],
            record["digest"],
            [[one[key] for key in keys] for one in record["checks"]],
        )
        for name, record in records.items()
    }


def words_of(page):
    """Return what a page says besides markup and what its author wrote."""
    return AUTHORS.sub("", unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)))


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The class graded in English, then anew in Chinese into the same folder."""
    course = shutil.copytree(MINI, tmp_path_factory.mktemp("languages") / "course")
    (course / "assignments" / "01-mini" / "locale").mkdir()
    (course / "assignments" / "01-mini" / "locale" / "zh_CN.mo").write_bytes(compiled(TRANSLATED))
    for name, text in SUBMISSIONS.items():
        (course / "subs").mkdir(exist_ok=True)
        (course / "subs" / name).write_text(text, encoding="utf-8")
    english = grade(course, "--lang", "en")
    pages = {path.name: path.read_text(encoding="utf-8") for path in (course / "OUT" / "feedback").iterdir()}
    return course, english, pages, grade(course, "--lang", "zh")


def test_a_run_in_another_language_grades_anew_and_finds_the_same(graded):
    _, english, _, chinese = graded
    assert worth(english) == worth(chinese)
    assert english["float64"]["checks"][0]["message"] != chinese["float64"]["checks"][0]["message"]


def test_misconceptions_are_told_apart_in_every_language(graded):
    _, english, _, chinese = graded
    assert english["in_place"]["checks"][4]["misconception"] == "in_place"
    assert english["in_place"]["checks"][4]["hint"] == "div_ writes into x."
    assert chinese["in_place"]["checks"][4]["hint"] == "div_ 会写入 x。"


def test_no_page_has_three_english_words_in_a_row_but_its_authors(graded):
    course, _, before, _ = graded
    pages = sorted((course / "OUT" / "feedback").iterdir())
    assert {page.name for page in pages} == set(before)
    for page in pages:
        assert ENGLISH.findall(words_of(page.read_text(encoding="utf-8"))) == [], page.name
        assert ENGLISH.search(words_of(before[page.name])), page.name


def test_pages_say_what_language_they_are_in_and_what_the_author_translated(graded):
    course, _, before, _ = graded
    page = (course / "OUT" / "feedback" / "float64.html").read_text(encoding="utf-8")
    assert '<html lang="zh-Hans">' in page
    assert '<html lang="en">' in before["float64.html"]
    assert "3x4 的 float32 零矩阵。" in page
    assert "一门小课" in page
    assert TITLE in before["float64.html"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("float64", "数据类型（dtype）是 torch.float64，要求的是 torch.float32。"),
        ("missing", "mini.py 里没有 halve。里面有 half：你想写的是它吗？"),
        ("unreadable", "改好之前，这个文件无法导入。"),
        ("exits", "你的代码结束了整个程序（退出码 3），而没有返回。"),
        ("cut", "提交无法读取：cut.ipynb 不完整"),
    ],
)
def test_verdicts_are_told_in_chinese(graded, name, said):
    _, _, _, chinese = graded
    assert said in "\n".join(check["message"] for check in chinese[name]["checks"])


def test_what_was_left_out_of_a_notebook_is_told_in_chinese(graded):
    _, english, _, chinese = graded
    assert english["cells"]["notes"] == ["Cell 1, line 1, was left out: `!ls`"]
    assert chinese["cells"]["notes"] == ["第 1 个单元格第 1 行没有运行：`!ls`"]


def test_results_go_to_a_platform_in_the_language_that_is_asked_for(graded, capsys):
    course, *_ = graded
    results = str(course / "OUT" / "results.jsonl")
    for language, said in (("zh", "道练习中完成了"), ("en", "exercises solved")):
        capsys.readouterr()
        assert main(["export", "gradescope", results, "--submission", "right", "--lang", language]) == 0
        assert said in json.loads(capsys.readouterr().out)["output"]


def test_a_language_that_is_not_there_is_refused(graded, capsys):
    course, *_ = graded
    assert main(["grade", "01-mini", str(course / "subs"), "--course", str(course), "--lang", "tlh"]) == 2
    assert "there are en, zh_CN" in capsys.readouterr().err
