"""Workers in this process: what becomes of errors, who gets what, and what is left behind."""

import threading
from dataclasses import replace
from importlib.metadata import version

import msgspec
import pytest

from torchgrade.errors import CourseError
from torchgrade.grade.pool import Settings
from torchgrade.grade.processes import GraderFailed
from torchgrade.grade.reading import ReadSubmission
from torchgrade.grade.results import CheckResult, Confinement, SubmissionResult
from torchgrade.grade.submissions import find_submissions

distributed = pytest.importorskip("distributed", reason="needs torchgrade[dask]")
import dask  # noqa: E402

from torchgrade.cluster import run, worker  # noqa: E402
from torchgrade.cluster.run import grade_on  # noqa: E402

CHECK = CheckResult("graders/01-mini/test_mini.py::test_on_a_gpu", "halve", "On a GPU", 1.0, 0.0, "deferred", False)
RESULT = SubmissionResult("01-mini", "", "", "sha256:0", "graded", 5.0, 6.0, 1.0, 0.1, Confinement("A", ()), (CHECK,))


@pytest.fixture(scope="module")
def cluster():
    """A worker without a GPU and, while `with_gpu` asks for it, one with."""
    workers = {"plain": {"cls": distributed.Worker, "options": {"nthreads": 1, "dashboard": False}}}
    scheduler = {"cls": distributed.Scheduler, "options": {"dashboard": False, "host": "127.0.0.1"}}
    with distributed.SpecCluster(workers, scheduler) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def client(cluster):
    with distributed.Client(cluster) as client:
        yield client


@pytest.fixture
def with_gpu(cluster, client):
    options = {"nthreads": 1, "dashboard": False, "resources": {"GPU": 1}}
    cluster.worker_spec["gpu"] = {"cls": distributed.Worker, "options": options}
    cluster.sync(cluster._correct_state)
    client.wait_for_workers(2)
    yield
    cluster.worker_spec.pop("gpu", None)
    cluster.sync(cluster._correct_state)


@pytest.fixture
def class_of_twelve(mini):
    folder = mini / "many"
    folder.mkdir()
    for number in range(12):
        (folder / f"s{number:02}.py").write_text(f"x = {number}\n")
    return find_submissions([folder])


def one(mini):
    return find_submissions([mini / "assignments/01-mini/solution.py"])


def answered(task, **changes):
    read = msgspec.msgpack.decode(task, type=ReadSubmission)
    return "result", (replace(RESULT, submission=read.name, path=read.path, **changes).to_json(),)


def test_a_grader_that_dies_is_started_again_and_nothing_stays(mini, client, monkeypatch):
    borrow, seen = worker.Graders._borrow, []

    def borrow_and_kill(self):
        process = borrow(self)
        process.process.kill()
        seen.append((self, process))
        return process

    monkeypatch.setattr(worker.Graders, "_borrow", borrow_and_kill)
    (result,) = grade_on(client, Settings(mini, "01-mini"), one(mini))
    assert (result.score, result.path) == (5.0, str(mini / "assignments/01-mini/solution.py"))
    ((graders, process),) = seen
    assert not graders.folder.exists()
    process.process.join(30)
    assert not process.process.is_alive()
    (plugins,) = client.run(lambda dask_worker: list(dask_worker.plugins)).values()
    assert graders.name not in plugins


def test_one_that_dies_always_is_given_up(mini, client, monkeypatch):
    monkeypatch.setattr(worker, "serve_submissions", print)  # ends without an answer
    with pytest.raises(GraderFailed, match=r"died again and again on .*solution\.py"):
        list(grade_on(client, Settings(mini, "01-mini"), one(mini)))


def test_where_nothing_survives_not_the_whole_class_is_tried(mini, client, monkeypatch, class_of_twelve):
    tried = []
    monkeypatch.setattr(worker.Graders, "grade", lambda self, task: tried.append(task) or ("died", ("",)))
    with pytest.raises(GraderFailed, match=r"s00.*s01.*s02"):
        list(grade_on(client, Settings(mini, "01-mini"), class_of_twelve))
    assert len(tried) < 8


def test_a_machine_that_is_out_of_order_is_not_the_end_and_three_are(mini, client, monkeypatch, class_of_twelve):
    broken = iter([True, True] + [False] * 12)
    monkeypatch.setattr(
        worker.Graders, "grade", lambda self, task: ("failed", ("no disk",)) if next(broken) else answered(task)
    )
    assert len(list(grade_on(client, Settings(mini, "01-mini"), class_of_twelve))) == 12
    monkeypatch.setattr(worker.Graders, "grade", lambda self, task: ("failed", ("no disk",)))
    with pytest.raises(GraderFailed, match="no disk"):
        list(grade_on(client, Settings(mini, "01-mini"), class_of_twelve))


def test_all_others_are_graded_before_one_is_said_to_be_lost(mini, client, monkeypatch, class_of_twelve):
    monkeypatch.setattr(
        worker.Graders, "grade", lambda self, task: ("died", ("",)) if b"s04" in task else answered(task)
    )
    graded = []
    with pytest.raises(GraderFailed, match=r"s04\.py$"):
        graded.extend(one.submission for one in grade_on(client, Settings(mini, "01-mini"), class_of_twelve))
    assert sorted(graded) == [f"s{number:02}" for number in range(12) if number != 4]


def test_a_mistake_in_the_course_is_named_where_the_instructor_has_it(mini, client):
    (mini / "graders/01-mini/test_mini.py").write_text("import nothing_like_it\n", encoding="utf-8")
    with pytest.raises(CourseError, match="cannot be collected") as caught:
        list(grade_on(client, Settings(mini, "01-mini"), one(mini)))
    assert "nothing_like_it" in str(caught.value)
    assert "torchgrade-" not in str(caught.value)  # the worker's folder


def test_without_any_worker_it_does_not_wait_for_ever(mini):
    with (
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address="127.0.0.1:0") as cluster,
        distributed.Client(cluster) as client,
        pytest.raises(GraderFailed, match="there has been no worker"),
    ):
        list(grade_on(client, Settings(mini, "01-mini"), one(mini), patience=0.0))


def test_a_scheduler_that_ends_in_the_middle_ends_the_run_with_a_word(mini, monkeypatch, class_of_twelve):
    monkeypatch.setattr(run, "LOOK_SECONDS", 0.2)
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        distributed.LocalCluster(n_workers=1, processes=False, dashboard_address="127.0.0.1:0") as cluster,
    ):
        asked, closed = threading.Event(), threading.Event()

        def grade(self, task):
            asked.set()
            closed.wait(3)
            return answered(task)

        def close():
            asked.wait(30)
            cluster.sync(cluster.scheduler.close)
            closed.set()

        monkeypatch.setattr(worker.Graders, "grade", grade)
        closing = threading.Thread(target=close)
        closing.start()
        with distributed.Client(cluster) as client, pytest.raises(GraderFailed, match="the scheduler is gone"):
            list(grade_on(client, Settings(mini, "01-mini"), class_of_twelve))
        closing.join()


def test_what_waits_for_a_gpu_goes_to_the_worker_that_has_one(mini, client, with_gpu, monkeypatch, class_of_twelve):
    asked = []

    def grade(self, task):
        gpu = "GPU" in distributed.get_worker().state.total_resources
        asked.append(gpu)
        return answered(task, checks=(replace(CHECK, status="passed"),)) if gpu else answered(task)

    monkeypatch.setattr(worker.Graders, "grade", grade)
    results = list(grade_on(client, Settings(mini, "01-mini"), class_of_twelve))
    assert [result.checks[0].status for result in results] == ["passed"] * 12
    assert asked.count(False) <= 6, "only what was handed over before anybody knew may be graded twice"


def test_checks_stay_deferred_once_the_last_gpu_has_gone(mini, client, cluster, with_gpu, monkeypatch, class_of_twelve):
    monkeypatch.setattr(run, "LOOK_SECONDS", 0.1)
    gone = threading.Event()

    def grade(self, task):
        if "GPU" in distributed.get_worker().state.total_resources:
            gone.wait(3)
        return answered(task)

    monkeypatch.setattr(worker.Graders, "grade", grade)
    graded = grade_on(client, Settings(mini, "01-mini"), class_of_twelve)

    def lose():
        cluster.worker_spec.pop("gpu")
        cluster.sync(cluster._correct_state)
        gone.set()

    timer = threading.Timer(1.0, lose)
    timer.start()
    results = list(graded)
    timer.join()
    assert {(result.submission, result.checks[0].status) for result in results} == {
        (one.name, "deferred") for one in class_of_twelve
    }


def test_a_class_is_read_a_few_at_a_time(mini, client, monkeypatch, class_of_twelve):
    read = []
    monkeypatch.setattr(worker.Graders, "grade", lambda self, task: answered(task))
    monkeypatch.setattr(
        run, "read_submission", lambda one, of, real=run.read_submission: read.append(one) or real(one, of)
    )
    graded = grade_on(client, Settings(mini, "01-mini"), class_of_twelve)
    next(graded)
    assert len(read) <= 4
    graded.close()


def test_graders_that_nobody_asks_end(mini, monkeypatch):
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.0)
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.05)
    ended = threading.Event()

    class Idle:
        def stop(self):
            ended.set()

    class Here:
        local_directory = str(mini)

    graders = worker.Graders({}, Settings(mini, "01-mini"))
    graders.setup(Here)
    with graders.lock:
        graders.all, graders.free = [idle := Idle()], [(0.0, idle)]
    assert ended.wait(10)
    graders.teardown(Here)


def test_a_worker_with_other_versions_refuses_itself(mini):
    graders = worker.Graders({}, Settings(mini, "01-mini"))
    graders.versions = {**graders.versions, "torch": "1.0"}
    with pytest.raises(RuntimeError, match=rf"torch {version('torch').split('+')[0]} \(here: 1\.0\)"):
        graders.setup(None)
