"""A submission that tries to get out, and one that does honest work; both are read as text."""

SOURCE = """
import ctypes, errno, os, signal, socket, sys, threading, time
from pathlib import Path
import torch

def outcome(act, *args):
    try:
        return act(*args)
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))

def reads(path): return outcome(lambda: Path(path).read_bytes())
def lists(path): return outcome(lambda: sorted(os.listdir(path)))
def writes(path): return outcome(lambda: Path(path).write_bytes(b"x"))
def opens_socket(family): return outcome(lambda: socket.socket(family).close())
def calls(host, port): return outcome(lambda: socket.create_connection((host, port), 1).close())
def signals(pid): return outcome(os.kill, pid, 0)
def limits(pid):
    import resource
    return outcome(lambda: resource.prlimit(pid, resource.RLIMIT_CORE))
def hashes(text): return hash(text)
def interpreter():
    flags = {name: getattr(sys.flags, name) for name in ("no_user_site", "dont_write_bytecode")}
    return {**flags, "path": sys.path}
def parent(): return os.getppid()
def user(): return os.getuid()
def executes(): return outcome(os.execv, "/bin/true", ["true"])
def environment(): return dict(os.environ)
def descriptors(): return sorted(int(name) for name in os.listdir("/proc/self/fd"))
def system_call(number, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    return errno.errorcode[ctypes.get_errno()] if done == -1 else done

def forks(times):
    started = []
    for _ in range(times):
        pid = outcome(os.fork)
        if pid == 0:
            signal.pause()
        if isinstance(pid, str):
            return [len(started), pid]
        started.append(pid)
    return [len(started), ""]

def leaves_a_daemon(name):
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.setsid()
        for number in list(signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}):
            outcome(signal.signal, number, signal.SIG_IGN) if number < 32 else None
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, name.encode(), 0, 0, 0)
            os.write(writer, b".")
            while True:
                time.sleep(1)
        os._exit(0)
    return os.read(reader, 1)

def takes_memory(mb): return len(bytearray(mb << 20))
def takes_tensor(mb): return torch.ones(mb << 18).sum().item()
def fills(folder, mb):
    for number in range(mb):
        with open(f"{folder}/file-{number}", "wb") as file:
            file.write(bytes(1 << 20))
    return sorted(os.listdir(folder))[:3]
def nests(depth):
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    return depth
def closes_a_folder():
    os.mkdir("closed", 0o300)
    Path("closed/file").write_text("x")
def temporary():
    import tempfile
    with tempfile.TemporaryFile() as file:
        return [file.write(b"abc"), tempfile.gettempdir() == os.getcwd()]

def stays_on():
    ctypes.CDLL(None).close(channel())
    while True:
        time.sleep(1)
def channel():
    return next(fd for fd in descriptors() if outcome(lambda: os.readlink(f"/proc/self/fd/{fd}")).startswith("socket:"))

class Numbers(torch.utils.data.Dataset):
    def __len__(self): return 8
    def __getitem__(self, index): return torch.tensor([float(index)])

def loads_with_workers(count):
    loader = torch.utils.data.DataLoader(Numbers(), batch_size=4, num_workers=count)
    return [batch.sum().item() for batch in loader]
def saves_and_loads():
    torch.save({"weight": torch.ones(2)}, "state.pt")
    return torch.load("state.pt")["weight"]
def trains():
    x = torch.linspace(-1, 1, 32).reshape(-1, 1)
    y = 2 * x + 1
    model = torch.nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(200):
        loss = torch.nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.weight.item()
def threads(count):
    done = []
    started = [threading.Thread(target=done.append, args=(1,)) for _ in range(count)]
    for thread in started: thread.start()
    for thread in started: thread.join()
    return len(done)
"""
