"""Getting at a cluster, and what is said where that fails."""

import os
import sys

import pytest

distributed = pytest.importorskip("distributed", reason="needs torchgrade[dask]")
from torchgrade.cli import main  # noqa: E402
from torchgrade.cluster import machines  # noqa: E402
from torchgrade.cluster.versions import differences, versions  # noqa: E402

KEYS = ["--tls-ca", __file__, "--tls-cert", __file__, "--tls-key", __file__]


@pytest.fixture
def grade(mini, capsys):
    """Grade one submission with options; return the exit code and what was said."""

    def run(*options):
        submission, out = mini / "assignments/01-mini/solution.py", mini / "OUT"
        code = main(["grade", "01-mini", str(submission), "--course", str(mini), "--out", str(out), *options])
        return code, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--scheduler", "tcp://127.0.0.1:9"], "no scheduler of Dask's answers there"),
        (["--scheduler", "10.0.0.5"], "give an address such as tcp://10.0.0.5:8786"),
        (["--scheduler", "tls://127.0.0.1:9"], "tls:// wants --tls-ca, --tls-cert and --tls-key"),
        (["--scheduler", "tls://127.0.0.1:9", *KEYS], "tls:// wants --tls-ca"),  # files that hold no keys
        (["--scheduler", "tls://127.0.0.1:9", "--tls-ca", "no.pem"], "--tls-ca: no.pem is no file"),
        (["--scheduler", "tls://127.0.0.1:9", "--tls-ca", __file__], "--tls-cert is missing"),
    ],
)
def test_a_cluster_that_is_not_there_is_a_wrong_command(grade, options, words, monkeypatch):
    monkeypatch.setattr(machines, "CONNECT_SECONDS", 1)
    code, said = grade(*options)
    assert code == 2
    assert words in said


def test_a_cluster_of_ones_own_talks_to_nobody_else(mini):
    with machines.connected("local", 1) as client:
        address = client.scheduler.address
        assert address.startswith("tls://127.0.0.1:")
        with pytest.raises(OSError, match=r"imed out|onnect|TLS|SSL"):
            distributed.Client(address.replace("tls://", "tcp://"), timeout=2)


def test_the_script_of_a_slurm_job_starts_a_worker_with_the_keys_of_the_run(tmp_path, monkeypatch):
    pytest.importorskip("dask_jobqueue", reason="needs torchgrade[slurm]")
    import dask

    settings = {
        "cores": 4, "memory": "16GB", "queue": "teaching", "walltime": "02:00:00",
        "job-extra-directives": ["--gres=gpu:1"], "worker-extra-args": ["--resources", "GPU=1"],
        "shared-temp-directory": str(tmp_path),
    }  # fmt: skip
    with (
        dask.config.set({f"jobqueue.slurm.{name}": value for name, value in settings.items()}),
        machines.slurm_cluster() as cluster,
    ):
        lines = cluster.job_script().splitlines()
    for wanted in ("#SBATCH -p teaching", "#SBATCH --cpus-per-task=4", "#SBATCH -t 02:00:00", "#SBATCH --gres=gpu:1"):
        assert wanted in lines
    command = lines[-1]
    assert "distributed.cli.dask_worker tls://" in command
    assert "--nthreads 1 --nworkers 4" in command.replace("--memory-limit 3.73GiB ", "")
    assert "--resources GPU=1" in command
    assert f"--tls-key {tmp_path}" in command


def test_slurm_without_cores_says_where_to_write_them(grade):
    pytest.importorskip("dask_jobqueue", reason="needs torchgrade[slurm]")
    code, said = grade("--scheduler", "slurm")
    assert code == 2
    assert "jobqueue.yaml" in said
    assert "cores and memory" in said


def test_of_python_only_the_feature_release_must_agree():
    here = {"python": "3.11.7", "torchgrade": "0.1.0", "torch": "2.13.0", "numpy": "2.1.0"}
    assert differences(here, {**here, "python": "3.11.2"}) == ""
    assert differences(here, {**here, "python": "3.12.0"}) == "python 3.12.0 (here: 3.11.7)"
    assert differences(here, {**here, "torchgrade": ""}) == "torchgrade not at all (here: 0.1.0)"
    assert "+" not in versions()["torch"]


# As SLURM's own it keeps a copy: the script is gone as soon as it answers.
SBATCH = """#!/bin/sh
cp "$1" "$HOME/job-$$.sh"
bash "$HOME/job-$$.sh" >> "$HOME/jobs.log" 2>&1 &
echo "Submitted batch job $!"
"""


@pytest.mark.skipif(sys.platform != "linux", reason="SLURM is for Linux")
def test_jobs_of_slurms_grade_a_class(grade, mini, tmp_path, monkeypatch):
    pytest.importorskip("dask_jobqueue", reason="needs torchgrade[slurm]")
    import dask

    for name, script in (("sbatch", SBATCH), ("scancel", '#!/bin/sh\nkill "$@"\n')):
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    here = {
        "cores": 1,
        "memory": "2GB",
        "scheduler-options": {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"},
        "local-directory": str(tmp_path),
    }
    with dask.config.set({f"jobqueue.slurm.{name}": value for name, value in here.items()}):
        code, said = grade("--scheduler", "slurm")
    assert code == 0, said + (tmp_path / "jobs.log").read_text()
    (line,) = (mini / "OUT" / "results.jsonl").read_text().splitlines()
    assert '"score": 5.0' in line
    assert (tmp_path / "jobs.log").read_text()
