"""What is written for GitHub and GitLab, and its scripts, with stand-ins for the platforms' own programs."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile

import pytest

from torchgrade.cli import main

from .conftest import HIDDEN, RIGHT, answers

needs_gpg = pytest.mark.skipif(shutil.which("gpg") is None, reason="GnuPG is not installed")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def pack(mini, platform, to, *options):
    return main(["pack", platform, "01-mini", "--course", str(mini), "--to", str(to), *map(str, options)])


def names_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def content_of(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def program(folder, name, text):
    """Put a program on the path that a script is given."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!{sys.executable}\n{text}")
    (folder / name).chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def bash(*words, cwd=None, **environment):
    command = ["bash", *map(str, words)]
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=100
    )


def test_a_private_repository_holds_the_bundle_and_all_that_runs_it(mini, tmp_path):
    for platform, workflow in (("github", ".github/workflows/grade-01-mini.yml"), ("gitlab", "grading/01-mini.yml")):
        to = tmp_path / platform
        assert pack(mini, platform, to) == 0
        names = names_in(to)
        assert workflow in names
        assert "01-mini/grader/course/graders/01-mini/test_mini.py" in names
        texts = [path.read_text() for path in to.rglob("*") if path.suffix in (".md", ".sh", ".yml")]
        assert not re.search(r"@[A-Z]+@", "".join(texts))
        assert os.access(to / "01-mini" / "fetch.sh", os.X_OK)
    assert "grading/*.yml" in (tmp_path / "gitlab" / ".gitlab-ci.yml").read_text()


def test_what_the_instructor_wrote_beside_it_stays(mini, tmp_path, capsys):
    (tmp_path / "students.txt").write_text("alice o/r\n")
    assert pack(mini, "github", tmp_path) == 0
    assert pack(mini, "github", tmp_path) == 0
    assert "was current already" in capsys.readouterr().out
    assert (tmp_path / "students.txt").read_text() == "alice o/r\n"


@needs_gpg
@pytest.mark.parametrize("platform", ["github", "gitlab"])
@pytest.mark.parametrize("where", [[], ["--in-student-repository"]])
def test_encrypted_nothing_hidden_can_be_read(mini, tmp_path, platform, where, capsys):
    key = tmp_path / "keys" / "key"
    assert pack(mini, platform, tmp_path / "to", "--encrypt", key, *where) == 0
    everything = content_of(tmp_path / "to")
    assert not [words for words in HIDDEN if words in everything]
    secret = key.read_text().strip()
    assert len(secret) >= 32
    assert secret.encode() not in everything
    assert secret not in capsys.readouterr().out
    assert key.stat().st_mode & 0o077 == 0


def test_students_repositories_get_no_plain_bundle(mini, tmp_path, capsys):
    assert pack(mini, "github", tmp_path / "to", "--in-student-repository") == 2
    assert "give --encrypt KEYFILE" in capsys.readouterr().err
    assert not (tmp_path / "to").exists()


def test_a_key_that_can_be_guessed_is_refused(mini, tmp_path, capsys):
    (tmp_path / "key").write_text("summer2026\n")
    assert pack(mini, "github", tmp_path / "to", "--encrypt", tmp_path / "key") == 2
    assert "at least 32 characters" in capsys.readouterr().err


@needs_gpg
def test_the_key_is_on_no_command_line(mini, tmp_path, monkeypatch):
    gpg, log = shutil.which("gpg"), tmp_path / "log"
    spy = f"import os, sys\nopen({str(log)!r}, 'a').write(repr(sys.argv) + '\\n')\n"
    spy += f"os.execv({gpg!r}, ['gpg', *sys.argv[1:]])"
    path = program(tmp_path / "bin", "gpg", spy)
    monkeypatch.setenv("PATH", path)
    assert pack(mini, "github", tmp_path / "to", "--encrypt", tmp_path / "key") == 0
    secret = (tmp_path / "key").read_text().strip()
    done = bash(tmp_path / "to" / "01-mini" / "unpack.sh", tmp_path / "grader", TORCHGRADE_KEY=secret)
    assert done.returncode == 0, done.stderr
    assert len(log.read_text().splitlines()) == 2
    assert secret not in log.read_text() + done.stdout + done.stderr


@needs_gpg
def test_an_encrypted_bundle_opens_with_its_key_only_and_unchanged_only(mini, tmp_path):
    assert pack(mini, "github", tmp_path / "to", "--encrypt", tmp_path / "key") == 0
    script, bundle = tmp_path / "to" / "01-mini" / "unpack.sh", tmp_path / "to" / "01-mini" / "grader.zip.gpg"
    secret = (tmp_path / "key").read_text().strip()
    assert bash(script, tmp_path / "none").returncode != 0
    assert bash(script, tmp_path / "wrong", TORCHGRADE_KEY=secret[::-1]).returncode != 0
    (tmp_path / "zipfile.py").write_text("raise SystemExit('imported from where it happened to run')")
    assert bash(script, tmp_path / "right", cwd=tmp_path, TORCHGRADE_KEY=secret).returncode == 0
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.write_bytes(content)
    assert bash(script, tmp_path / "changed", TORCHGRADE_KEY=secret).returncode != 0
    assert not any((tmp_path / name).exists() for name in ("none", "wrong", "changed"))
    graders = tmp_path / "right" / "course" / "graders"
    assert (graders / "01-mini" / "test_mini.py").is_file()
    assert graders.stat().st_mode & 0o077 == 0


GH = """
import pathlib, sys
here, path = pathlib.Path(__file__).parent.parent, sys.argv[sys.argv.index('api') + 1:]
words = ' '.join(path)
if words.startswith('repos/o/gone'):
    sys.exit('gh: Not Found (HTTP 404)')
if '/tarball/' in words:
    name = words.split('/')[2]
    sys.stdout.buffer.write((here / f'{name}.tar.gz').read_bytes())
elif words.endswith('--jq .sha'):
    print('COMMIT')
else:
    open(here / 'posted', 'a').write(words + '\\n')
""".replace("COMMIT", COMMIT)


def archive(tmp_path, name, files):
    """What GitHub sends of a repository."""
    folder = tmp_path / "made" / f"o-{name}-0123456"
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    if name == "carol":
        (folder / "01-mini" / "passwords.py").symlink_to("/etc/passwd")
    with tarfile.open(tmp_path / f"{name}.tar.gz", "w:gz") as tar:
        tar.add(folder, folder.name)


@pytest.fixture
def fetched(mini, tmp_path):
    """A class of three, of whom one has nothing and one cannot be reached."""
    assert pack(mini, "github", tmp_path / "to") == 0
    archive(tmp_path, "alice", {"01-mini/mini.py": answers(**RIGHT), "README.md": "x"})
    archive(tmp_path, "bob", {"README.md": "x"})
    archive(tmp_path, "carol", {"01-mini/mini.py": answers(halve="return x / 2"), "01-mini/big.bin": "x"})
    (tmp_path / "students.txt").write_text(
        "# name repository\nalice o/alice\n\nbob o/bob\ncarol o/carol\ndan o/gone\n../eve o/alice\nfred o/alice;id\n"
        "gina o/alice more\nlast o/alice"
    )
    path = program(tmp_path / "bin", "gh", GH)
    script = tmp_path / "to" / "01-mini" / "fetch.sh"
    return bash(script, tmp_path / "students.txt", tmp_path / "class", PATH=path), path


def test_a_class_is_fetched_and_who_cannot_be_is_left_out(fetched, tmp_path):
    done, _ = fetched
    assert done.returncode == 0, done.stderr
    assert names_in(tmp_path / "class") == ["alice/mini.py", "carol/mini.py"]
    assert (tmp_path / "class" / "bob").is_dir()  # reached, with nothing handed in
    assert (tmp_path / "class.txt").read_text().split("\n")[0] == f"alice o/alice {COMMIT}"
    assert re.findall(r"left out: (\S+):", done.stderr) == ["dan", "../eve", "fred", "gina"]
    assert not (tmp_path / "class" / "dan").exists()
    assert not (tmp_path / "eve").exists()


def test_pages_go_to_those_who_were_graded(fetched, tmp_path):
    _, path = fetched
    pages = tmp_path / "OUT" / "feedback"
    pages.mkdir(parents=True)
    for name in ("alice", "carol"):
        (pages / f"{name}.md").write_text("a page")
    done = bash(tmp_path / "to" / "01-mini" / "post.sh", tmp_path / "class", tmp_path / "OUT", PATH=path)
    assert done.returncode == 1
    assert "bob: no page" in done.stderr
    posted = (tmp_path / "posted").read_text().splitlines()
    assert len(posted) == 2
    assert f"repos/o/carol/commits/{COMMIT}/comments --field body=@{pages}/carol.md" in posted[1]


def test_the_fetched_class_is_graded_with_the_bundle(fetched, mini, tmp_path, packed_python):
    to = tmp_path / "to" / "01-mini"
    shutil.rmtree(mini)
    assert bash(to / "unpack.sh", tmp_path / "grader").returncode == 0
    command = [packed_python, "-m", "torchgrade", "grade", "01-mini", tmp_path / "class", "--out", tmp_path / "OUT"]
    done = subprocess.run([*command, "--course", tmp_path / "grader" / "course"], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (tmp_path / "OUT" / "results.jsonl").read_text().splitlines()]
    assert {line["submission"]: line["score"] for line in lines} == {"alice": 5.0, "bob": 0.0, "carol": 2.0}


CURL = """
import json, pathlib, sys
here = pathlib.Path(__file__).parent.parent
open(here / 'asked', 'a').write(json.dumps([sys.argv[1:], sys.stdin.read()]) + '\\n')
if '--output' in sys.argv:
    pathlib.Path(sys.argv[sys.argv.index('--output') + 1]).write_bytes((here / 'alice.tar.gz').read_bytes())
else:
    print('[{"id": "COMMIT"}]')
""".replace("COMMIT", COMMIT)


def test_gitlab_is_asked_without_the_token_on_a_command_line(mini, tmp_path):
    assert pack(mini, "gitlab", tmp_path / "to") == 0
    archive(tmp_path, "alice", {"01-mini/mini.py": answers()})
    (tmp_path / "students.txt").write_text("alice group/sub/alice\n")
    settings = {
        "PATH": program(tmp_path / "bin", "curl", CURL),
        "GRADER_TOKEN": "glpat-secret",
        "CI_API_V4_URL": "https://g.example/api/v4",
    }
    to = tmp_path / "to" / "01-mini"
    done = bash(to / "fetch.sh", tmp_path / "students.txt", tmp_path / "class", **settings)
    assert done.returncode == 0, done.stderr
    assert names_in(tmp_path / "class") == ["alice/mini.py"]
    (tmp_path / "OUT" / "feedback").mkdir(parents=True)
    (tmp_path / "OUT" / "feedback" / "alice.md").write_text("a page")
    assert bash(to / "post.sh", tmp_path / "class", tmp_path / "OUT", **settings).returncode == 0
    asked = [json.loads(line) for line in (tmp_path / "asked").read_text().splitlines()]
    assert [read for _, read in asked] == ["PRIVATE-TOKEN: glpat-secret\n"] * 3
    assert "glpat" not in json.dumps([words for words, _ in asked])
    addresses = [next(word for word in words if word.startswith("https")) for words, _ in asked]
    base = "https://g.example/api/v4/projects/group%2Fsub%2Falice/repository"
    assert addresses == [
        f"{base}/commits?per_page=1",
        f"{base}/archive.tar.gz?sha={COMMIT}&path=01-mini",
        f"{base}/commits/{COMMIT}/comments",
    ]
