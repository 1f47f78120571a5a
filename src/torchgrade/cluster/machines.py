"""The cluster: one that runs already, one on this machine, or jobs of SLURM's; and what must be true of its workers."""

from __future__ import annotations

import contextlib
import logging
import platform
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dask
from distributed import Client, LocalCluster
from distributed.security import Security

from ..errors import CourseError
from ..grade.processes import GraderFailed
from .versions import PACKAGES, differences, public, versions

__all__ = ["Keys", "connected", "gpu_workers", "refuse_other_versions", "slurm_cluster"]

CONNECT_SECONDS = 20
_SCHEDULER_NEEDS = ("python", "torchgrade")  # it reads which function a task calls
_TLS = (
    "a scheduler at tls:// wants --tls-ca, --tls-cert and --tls-key, or distributed.comm.tls in Dask's configuration; "
    "one at tcp:// wants none of them"
)
SCHEMES = ("tcp://", "tls://", "ws://", "wss://", "ucx://")


@dataclass(frozen=True)
class Keys:
    """Files for TLS, in PEM; where none is named Dask's own configuration counts.

    Attributes:
        ca: The authority that signed everybody's certificate.
        cert: This client's certificate.
        key: This client's private key.
    """

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    def security(self) -> Security | None:
        """Return what Dask makes of them; None where none is named.

        Raises:
            ValueError: One is missing.
        """
        named = {"--tls-ca": self.ca, "--tls-cert": self.cert, "--tls-key": self.key}
        if not any(named.values()):
            return None
        for option, file in named.items():
            if file is None:
                raise ValueError(f"{option} is missing: --tls-ca, --tls-cert and --tls-key go together")
            if not file.is_file():
                raise ValueError(f"{option}: {file} is no file")
        return Security(
            tls_ca_file=str(self.ca), tls_client_cert=str(self.cert), tls_client_key=str(self.key),
            require_encryption=True,
        )  # fmt: skip


@contextlib.contextmanager
def connected(where: str, jobs: int, keys: Keys = Keys()) -> Iterator[Client]:
    """Connect to a cluster, and end it afterwards if it was started here.

    Args:
        where: A scheduler's address, ``local`` or ``slurm``.
        jobs: How many workers to start, or jobs to ask SLURM for; not for an address.
        keys: Files for TLS, for an address.

    Raises:
        ValueError: It is no address, nobody answers there, or the keys do not go with it.
    """
    with contextlib.ExitStack() as stack:
        target: Any = where
        if where == "local":
            target = stack.enter_context(_local(jobs))
        elif where == "slurm":
            target = stack.enter_context(slurm_cluster())
            target.adapt(minimum_jobs=jobs, maximum_jobs=jobs)  # scale() would not replace a job that SLURM ends
        elif not where.startswith(SCHEMES):
            raise ValueError(f"--scheduler {where}: give an address such as tcp://10.0.0.5:8786, or local, or slurm")
        yield stack.enter_context(_client(target, where, keys))


def _client(target: Any, where: str, keys: Keys) -> Client:
    security, remedy = keys.security(), "start it with `dask scheduler`, and name the address that it prints"
    try:
        return Client(target, security=security, timeout=CONNECT_SECONDS)
    except (ssl.SSLError, TypeError, RuntimeError) as error:  # files that are no keys; tls:// without any, tcp:// with
        raise ValueError(f"--scheduler {where}: {_TLS} (Dask says: {_first_line(error)})") from None
    except (OSError, TimeoutError) as error:
        problem = f"no scheduler of Dask's answers there ({_first_line(error)})"
        raise ValueError(f"--scheduler {where}: {problem}; {remedy}") from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _local(jobs: int) -> LocalCluster:
    """Start a cluster on this machine that only its own client can talk to."""
    return LocalCluster(
        n_workers=jobs, threads_per_worker=1, memory_limit=0, dashboard_address="127.0.0.1:0",
        protocol="tls://", security=Security.temporary(), silence_logs=logging.ERROR,
    )  # fmt: skip


def slurm_cluster() -> Any:
    """Return a cluster whose workers are jobs of SLURM's, as Dask's configuration (``jobqueue.slurm``) describes them.

    Raises:
        CourseError: The extra is not installed, or the configuration lacks cores or memory.
    """
    try:
        from dask_jobqueue import SLURMCluster
    except ImportError:
        problem, remedy = "needs dask-jobqueue, which is not installed", "run: pip install 'torchgrade[slurm]'"
        raise CourseError("--scheduler slurm", "", problem, remedy) from None
    try:
        return SLURMCluster(protocol="tls://", security=Security.temporary(), shared_temp_directory=_for_keys())
    except ValueError as error:
        remedy = "write cores and memory under jobqueue: slurm: in ~/.config/dask/jobqueue.yaml; see docs/classes.md"
        raise CourseError("jobqueue.yaml", "jobqueue.slurm", str(error), remedy) from None


def _for_keys() -> str:
    """Return the folder in which jobs find the keys of this run: as configured, or else in the user's home."""
    configured = dask.config.get("jobqueue.slurm.shared-temp-directory", None)
    folder = Path(configured) if configured else Path.home() / ".cache" / "torchgrade"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(folder)


def gpu_workers(client: Client) -> list[str]:
    """Return the addresses of the workers that were started with ``--resources GPU=…``."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    return [address for address, worker in workers.items() if worker.get("resources", {}).get("GPU", 0) >= 1]


def refuse_other_versions(client: Client) -> None:
    """Refuse workers, and a scheduler, that have other versions than this machine.

    Workers that come later refuse themselves. What is asked of them is in the standard library, so that they can
    answer without torchgrade.

    Raises:
        GraderFailed: Some have; it says which, and what.
    """
    here = versions()
    there: dict[str, dict[str, str]] = {}
    asked: list[tuple[str, Callable[..., str], tuple[str, ...]]] = [
        ("python", platform.python_version, ()),
        *((name, version, (name,)) for name in PACKAGES),
    ]
    for name, ask, of in asked:
        answers = client.run(ask, *of, on_error="return")
        answers["the scheduler"] = _of_scheduler(client, ask, of) if name in _SCHEDULER_NEEDS else here[name]
        for address, found in answers.items():
            if isinstance(found, OSError):
                continue  # lost just now: it is asked nothing more
            there.setdefault(address, {})[name] = public(found) if isinstance(found, str) else ""
    whole = {address: has for address, has in there.items() if len(has) == len(here)}
    wrong = [f"{address} has {found}" for address, has in whole.items() if (found := differences(here, has))]
    if wrong:
        raise GraderFailed(
            f"results would not be the same everywhere: {'; '.join(wrong)}. Install the same versions there"
        )


def _of_scheduler(client: Client, ask: Callable[..., str], of: tuple[str, ...]) -> str:
    try:
        return str(client.run_on_scheduler(ask, *of))
    except Exception:
        return ""
