"""The cell: which paths it is made of, and what is left of the host inside."""

import os
import signal
import socket
import stat
import sys
from pathlib import Path

import pytest

from torchgrade.sandbox.wall import CellPlan, cell, enter_cell, fork_alone, gpu_devices, readable_paths
from torchgrade.sandbox.wall.cell import cover

from .children import NOBODY, become, folder_of, in_a_child, outcome, processes_named

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
READABLE = readable_paths([], ["/usr"], "/not/there")


@pytest.fixture
def course(tmp_path):
    for name in ("fixtures/shared", "fixtures/submissions", "graders", "venv/lib/site", "source"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def test_readable_are_pythons_paths_and_the_shared_folder_only(course):
    found = readable_paths([f"{course}/source", "/not/there"], [f"{course}/venv"], f"{course}/fixtures/shared")
    ours = [path for path in found if path.startswith(str(course))]
    assert ours == [f"{course}/fixtures/shared", f"{course}/source", f"{course}/venv"]
    assert "/usr" in found
    assert not {"/", "/home", "/etc", "/proc", "/sys", "/tmp"} & set(found)


def test_no_readable_path_lies_within_another(course):
    found = readable_paths([f"{course}/venv/lib/site", f"{course}/venv/lib"], [f"{course}/venv"], "/not/there")
    assert [path for path in found if path.startswith(str(course))] == [f"{course}/venv"]


def test_links_are_followed_and_not_bound_themselves(course):
    (course / "python").symlink_to(course / "venv")
    found = readable_paths([f"{course}/python/lib"], [f"{course}/python"], "/not/there")
    assert f"{course}/venv" in found
    assert f"{course}/python" not in found


def test_a_name_that_only_begins_alike_is_another_folder(course):
    (course / "venv-2").mkdir()
    found = readable_paths([f"{course}/venv-2"], [f"{course}/venv"], "/not/there")
    assert {f"{course}/venv", f"{course}/venv-2"} <= set(found)


def test_folders_of_the_dynamic_linker_are_readable_where_they_have_a_full_name(course):
    found = readable_paths([], [], "/not/there", f"{course}/venv::lib:.:/not/there:/:{course}/source/../venv/lib")
    assert [path for path in found if path.startswith(str(course))] == [f"{course}/venv"]
    assert not {"/", os.getcwd()} & set(found)


def test_the_stores_of_systems_without_a_usr_are_readable():
    assert {"/nix/store", "/gnu/store"} <= set(cell.SYSTEM)


@pytest.mark.skipif(os.getuid() != 0, reason="only root makes devices")
def test_devices_of_a_gpu_are_found_unless_none_is_wanted(tmp_path):
    (tmp_path / "nvidia-caps").mkdir()
    for name in ("nvidia0", "nvidiactl", "nvidia-caps/nvidia-cap1"):
        os.mknod(tmp_path / name, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    (tmp_path / "nvidia-file").write_text("")
    found = [f"{tmp_path}/{name}" for name in ("nvidia-caps/nvidia-cap1", "nvidia0", "nvidiactl")]
    assert list(gpu_devices(None, str(tmp_path))) == list(gpu_devices("0", str(tmp_path))) == found
    assert gpu_devices("", str(tmp_path)) == gpu_devices("-1", str(tmp_path)) == ()


@pytest.mark.parametrize("hidden", ["graders", "."])
def test_a_cell_that_would_show_a_hidden_folder_is_not_entered(course, hidden):
    plan = CellPlan((str(course),), (os.path.normpath(course / hidden),), str(course / "source"))
    layers = in_a_child(lambda: [[layer.name, layer.on, layer.detail] for layer in enter_cell(plan)])
    why = f"{os.path.normpath(course / hidden)} lies within a folder that Python itself is read from"
    assert layers == [["namespaces", False, why], ["private-root", False, why]]


def inside(act, uid, devices=(), **covered):
    """Enter a cell in a child as ``uid`` and do something in a worker of it; skip where the kernel does not let us."""
    with folder_of(uid) as folder:
        (folder / "root").mkdir()
        (folder / "secret").write_text("secret")
        if os.getuid() == 0:
            os.chown(folder / "root", uid, uid)

        def attempt():
            become(uid)
            layers = enter_cell(CellPlan(READABLE, (), str(folder / "root"), devices))
            if not all(layer.on for layer in layers):
                return {"refused": layers[0].detail}
            return _in_a_worker(lambda: act(folder), **covered)

        found = in_a_child(attempt)
    if isinstance(found, dict) and "refused" in found:
        pytest.skip(f"no namespaces here: {found['refused']}")
    return found


def _in_a_worker(act, **covered):
    reader, writer = os.pipe()
    home = os.open("/proc/self/ns/pid", os.O_RDONLY)
    pid = fork_alone(home)
    if pid == 0:
        try:
            cover(1, **covered)
            answer = repr(act())
        except BaseException as error:
            answer = repr(error)
        os.write(writer, answer.encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(pid, 0)
    with os.fdopen(reader, "rb") as pipe:
        return eval(pipe.read(), {})


as_somebody = pytest.mark.parametrize(
    "uid",
    [
        pytest.param(0, marks=pytest.mark.skipif(os.getuid() != 0, reason="needs root"), id="root"),
        pytest.param(NOBODY if os.getuid() == 0 else os.getuid(), id="user"),
    ],
)


@as_somebody
def test_the_hosts_files_are_gone(uid):
    here = os.getcwd()

    def act(folder):
        return [
            sorted(os.listdir("/")),
            outcome((folder / "secret").read_text),
            outcome(lambda: os.listdir(here)),
            outcome(lambda: os.listdir("/etc/ssh")),
            sorted(os.listdir("/dev")),
            os.listdir("/tmp"),
            os.listdir("/dev/shm"),
        ]

    top, *rest = inside(act, uid)
    assert set(top) <= {"bin", "dev", "etc", "lib", "lib64", "proc", "scratch", "sys", "tmp", "usr"}
    assert rest == ["ENOENT", "ENOENT", "ENOENT", ["full", "null", "random", "shm", "urandom", "zero"], [], []]


@as_somebody
def test_devices_of_a_gpu_can_be_used_inside(uid):
    def act(_):
        return [outcome(lambda: Path("/dev/tty").stat().st_rdev), outcome(lambda: Path("/dev/kmsg").exists())]

    assert inside(act, uid, devices=("/dev/tty",)) == [os.stat("/dev/tty").st_rdev, False]
    assert inside(act, uid)[0] == "ENOENT"


@as_somebody
def test_nothing_but_scratch_can_be_written(uid):
    def act(_):
        folders = ("/", "/usr", "/dev", "/etc", "/tmp", "/dev/shm")
        return [outcome(lambda folder=folder: Path(folder, "new").write_text("x")) for folder in folders]

    assert inside(act, uid) == ["EROFS", "EROFS", "EROFS", "EROFS", 1, 1]


@as_somebody
def test_scratch_is_bounded_in_bytes_and_in_files(uid):
    def act(_):
        big = Path("/tmp", "big")
        written = outcome(lambda: big.write_bytes(bytes(2 << 20)))
        big.unlink()
        return [written, outcome(lambda: [os.close(os.open(f"/dev/shm/{n}", os.O_CREAT)) for n in range(1000)])]

    assert inside(act, uid) == ["ENOSPC", "ENOSPC"]


@as_somebody
def test_only_its_own_processes_are_seen(uid):
    outside = os.getpid()

    def act(_):
        seen = sorted(entry for entry in os.listdir("/proc") if entry.isdigit())
        return [os.getpid(), os.getppid(), seen, outcome(lambda: os.kill(outside, 0))]

    assert inside(act, uid) == [1, 0, ["1"], "ESRCH"]


@as_somebody
def test_the_network_is_empty(uid):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()

        def act(_):
            with socket.socket() as client:
                return [[name for _, name in socket.if_nameindex()], outcome(lambda: client.connect(address))]

        assert inside(act, uid) == [["lo"], "ENETUNREACH"]


@as_somebody
def test_a_worker_can_have_a_network_of_its_own(uid):
    def act(_):
        seen = [os.readlink("/proc/self/ns/net")]
        for own in (False, True):
            cover(1, network=own)
            seen.append(os.readlink("/proc/self/ns/net"))
        return [seen[0] == seen[1], seen[1] == seen[2]]

    assert inside(act, uid) == [True, False]


@as_somebody
def test_a_name_of_a_socket_on_the_host_means_nothing(uid):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0torchgrade-test-of-the-cell")
        server.listen()

        def act(_):
            with socket.socket(socket.AF_UNIX) as client:
                return outcome(lambda: client.connect("\0torchgrade-test-of-the-cell"))

        assert inside(act, uid) == "ECONNREFUSED"


@as_somebody
def test_what_a_worker_has_started_ends_with_it(uid):
    def act(_):
        reader, writer = os.pipe()
        if os.fork() == 0:
            try:
                os.setsid()
                if os.fork() == 0:
                    Path("/proc/self/comm").write_bytes(b"tg-cell-left")
                    os.write(writer, b".")
                    signal.pause()
            finally:
                os._exit(0)
        os.close(writer)
        return os.read(reader, 1).decode()

    assert inside(act, uid) == "."
    assert not processes_named("tg-cell-left")


def test_where_a_worker_could_not_have_its_own_proc_there_is_no_cell(monkeypatch, tmp_path):
    def fail(_):
        raise OSError(1, "no")

    monkeypatch.setattr(cell, "cover", fail)
    (tmp_path / "root").mkdir()
    plan = CellPlan(READABLE, (), str(tmp_path / "root"))
    layers = in_a_child(
        lambda: [[layer.on, layer.detail] for layer in enter_cell(plan)] + [os.path.exists("/etc/passwd")]
    )
    assert [on for on, _ in layers[:2]] == [False, False]
    assert layers[2] is True  # this process stays as it was


def test_a_trial_that_fails_leaves_the_process_where_it_was(tmp_path):
    plan = CellPlan(READABLE, (), str(tmp_path / "not" / "there"))
    before = [os.readlink(f"/proc/self/ns/{kind}") for kind in ("mnt", "net", "pid")]

    def attempt():
        on = [layer.on for layer in enter_cell(plan)]
        return [*on, [os.readlink(f"/proc/self/ns/{kind}") for kind in ("mnt", "net", "pid")]]

    assert in_a_child(attempt) == [False, False, before]
