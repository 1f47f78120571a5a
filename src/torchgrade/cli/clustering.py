"""The options of `torchgrade grade` on several machines."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import CourseError
from ..grade.pool import Settings
from ..grade.results import SubmissionResult
from ..grade.submissions import Submission

__all__ = ["add_cluster_options", "graded_on_cluster"]


def add_cluster_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--scheduler`` and the files for TLS."""
    several = parser.add_argument_group(
        "several machines", "needs torchgrade[dask], for slurm torchgrade[slurm]; see docs/classes.md"
    )
    several.add_argument(
        "--scheduler", metavar="WHERE",
        help="grade on a Dask cluster: a scheduler's address such as tls://10.0.0.5:8786; local for one on this "
        "machine; or slurm for jobs of SLURM's (--jobs says how many)",
    )  # fmt: skip
    for name, what in (("ca", "the authority's certificate"), ("cert", "this client's"), ("key", "its private key")):
        several.add_argument(f"--tls-{name}", type=Path, metavar="FILE", help=f"PEM file for tls://: {what}")


def graded_on_cluster(
    settings: Settings, submissions: Sequence[Submission], options: argparse.Namespace
) -> Iterator[SubmissionResult]:
    """Grade on the cluster that the options name, and yield each result as it comes.

    Raises:
        CourseError: The extra is not installed, or the course cannot be graded with.
        ValueError: Nobody answers there, or a file for TLS is missing.
        GraderFailed: As `torchgrade.cluster.run.grade_on` says.
    """
    try:
        from ..cluster.machines import Keys, connected
        from ..cluster.run import ALONE_SECONDS, grade_on
    except ImportError as error:
        problem, remedy = f"needs Dask's distributed ({error})", "run: pip install 'torchgrade[dask]'"
        raise CourseError("--scheduler", options.scheduler, problem, remedy) from None
    if not submissions:
        return
    keys = Keys(options.tls_ca, options.tls_cert, options.tls_key)
    with connected(options.scheduler, options.jobs, keys) as client:
        patience = math.inf if options.scheduler == "slurm" else ALONE_SECONDS  # a job may wait in the queue for hours
        yield from grade_on(client, settings, submissions, patience)
