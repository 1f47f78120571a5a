"""The files around the assignments that make what students receive a repository of its own."""

from __future__ import annotations

from importlib import resources

__all__ = ["repository_files"]

_TEMPLATES = {
    ".github/workflows/checks.yml": "github.yml",
    ".gitignore": "gitignore.txt",
    ".gitlab-ci.yml": "gitlab.yml",
    "README.md": "README.md",
    "checks.sh": "checks.sh",
    "pytest.ini": "pytest.ini",
}


def repository_files() -> dict[str, str]:
    """Return them by path; they are the same whichever assignments there are, and name no secret."""
    folder = resources.files(__package__) / "templates" / "repository"
    texts = {name: (folder / template).read_text(encoding="utf-8") for name, template in _TEMPLATES.items()}
    return {**texts, "requirements.txt": "torchgrade\n"}
