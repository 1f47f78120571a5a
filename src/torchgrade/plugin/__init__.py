"""The pytest plugin: checks and the `submission` fixture.

pytest imports this module in every run on a machine where torchgrade is installed, ours or not. So it imports nothing
but pytest, and does nothing until a function with `@check` is collected.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ..checks import spec_of

if TYPE_CHECKING:
    from ..submission import Submission

__all__ = ["CHECKS"]

CHECKS = "torchgrade-checks"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options; all of them begin with ``--torchgrade-``."""
    group = parser.getgroup("torchgrade", "exercises (torchgrade)")
    group.addoption(
        "--torchgrade-hints", action="store_true", help="show each unsolved exercise's hint with its result"
    )
    group.addoption(
        "--torchgrade-submission",
        metavar="FILE",
        help="check this file or folder (default: the module beside the checks, or the reference in a course)",
    )
    group.addoption(
        "--torchgrade-lang",
        metavar="LANGUAGE",
        help="the language of the results, such as zh_CN (default: that of LANG)",
    )
    group.addoption("--torchgrade-report", metavar="FILE", help="write the summary into this file as well, as JSON")
    group.addoption(
        "--torchgrade-isolation",
        choices=["none", "sandbox"],
        default="none",
        help="none: run the exercises in this process, so that breakpoints and prints work (default); "
        "sandbox: in a process of their own, as when grading",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare our marks."""
    config.addinivalue_line("markers", "gpu: the check needs CUDA; without it, it is deferred")


def pytest_pycollect_makemodule(module_path: Path) -> None:
    """Let the checks of an assignment import ``fixtures.shared``, in a course as in what students receive."""
    folder = module_path.parent
    if folder.parent.name == "graders" or (folder / "assignment.toml").is_file():
        from ..sandbox.shared import provide_shared

        provide_shared((folder.parent.parent if folder.parent.name == "graders" else folder.parent) / "fixtures")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Load the rest of the plugin when there are checks among the collected items, and only then."""
    checks = [item for item in items if isinstance(item, pytest.Function) and spec_of(item.function)]
    if not checks:
        return
    plugin: Any = config.pluginmanager.get_plugin(CHECKS)
    if plugin is None:
        from .student import StudentRun

        plugin = StudentRun(config)
        config.pluginmanager.register(plugin, CHECKS)
    plugin.adopt(checks)


@pytest.fixture
def submission(request: pytest.FixtureRequest) -> Iterator[Submission]:
    """Give the student's module: ``submission.f(x)`` calls what the student wrote."""
    plugin: Any = request.config.pluginmanager.get_plugin(CHECKS)
    if plugin is None:
        pytest.fail("the submission fixture is for functions with @check", pytrace=False)
    with plugin.submission_for(request.node) as proxy:
        yield proxy
