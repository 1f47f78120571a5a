"""What contributors are told is what CI does."""

import configparser
import re

import yaml

from .conftest import REPOSITORY


def tox():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(REPOSITORY / "tox.ini", encoding="utf-8")
    return parser


def test_the_hooks_have_the_versions_of_lint():
    lint = set(tox()["testenv:lint"]["deps"].split())
    (local,) = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert local["repo"] == "local"
    assert {one for hook in local["hooks"] for one in hook["additional_dependencies"]} == lint


def test_every_environment_has_its_line():
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    known = {name.partition(":")[2] for name in tox().sections() if name.startswith("testenv:")}
    rows = "".join(line for line in text.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\w+)`", rows.partition("README")[0])) >= known


def test_the_files_that_are_named_are_there():
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    folders = re.findall(r"`((?:src|tests|docs|fixtures)/[\w/.]*)`", text)
    missing = [name for name in [*links, *folders] if "13-my-topic" not in name and not (REPOSITORY / name).exists()]
    assert missing == []
