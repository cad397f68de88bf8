"""What the kernel says about this machine and about processes, and processes of our own."""

import ctypes
import os
import signal
import socket
import sqlite3
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")
_libc = ctypes.CDLL(None)
_children = []


def spawn(arguments, output, environment=None, pass_fds=()):
    """Starts a process that goes when this one does, however this one ends.

    `output` is a log file's path, or subprocess.PIPE.
    """
    own = os.getpid()

    def follow():
        _libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
        if os.getppid() != own:
            os._exit(1)

    # Settings of whoever runs the benchmark must not reach the bar.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BARBACK_")}
    log = output if output == subprocess.PIPE else open(output, "ab")
    try:
        child = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            env={**clean, **(environment or {})}, pass_fds=pass_fds, preexec_fn=follow)
    finally:
        if log != subprocess.PIPE:
            log.close()
    _children.append(child)
    return child


def stop(child, seconds=10):
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if child in _children:
        _children.remove(child)


def stop_all():
    for child in reversed(list(_children)):
        stop(child)


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def cpu_seconds(*pids):
    """User and system time of processes with all their threads; exact to a hundredth."""
    ticks = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def resident(pid):
    """Private and shared resident memory in megabytes of 2^20 bytes."""
    kilobytes = {}
    with open(f"/proc/{pid}/smaps_rollup") as file:
        for line in file.readlines()[1:]:
            name, value = line.split()[:2]
            kilobytes[name.rstrip(":")] = int(value)
    private = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return private / 1024, (kilobytes["Rss"] - private) / 1024


class Others:
    """How much of the CPU went to programs that are none of ours, since this was made.

    What the kernel does for nobody in particular, such as interrupts, counts as others.
    """

    def __init__(self):
        self.begin = self._now()

    def share(self):
        """To be asked when every process of ours has been waited for."""
        busy, all_of_it, own = (now - then for now, then in zip(self._now(), self.begin))
        return max(0, busy - own) / all_of_it

    @staticmethod
    def _now():
        with open("/proc/stat") as file:
            ticks = [int(word) for word in file.readline().split()[1:9]]
        idle = ticks[3] + ticks[4]
        return ((sum(ticks) - idle) / TICK, sum(ticks) / TICK, sum(os.times()[:4]))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.002)
    raise RuntimeError(f"{what}: not within {seconds} seconds")


def description():
    """The machine and the versions of everything measured, as (name, value)."""
    model = "unknown"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) / 1024 / 1024
    return [
        ("processor", f"{model}, {os.cpu_count()} cores, {memory:.1f} GiB of memory"),
        ("kernel", f"{os.uname().sysname} {os.uname().release} {os.uname().machine}"),
        ("system", _system()),
        ("SQLite", _sqlite()),
        ("libmicrohttpd", _package("libmicrohttpd12")),
        ("nginx", _said("nginx", "-v").rpartition("/")[2]),
        ("wrk", " ".join(_said("wrk", "-v").split()[1:2])),
    ]


def _system():
    with open("/etc/os-release") as file:
        for line in file:
            if line.startswith("PRETTY_NAME="):
                return line.partition("=")[2].strip().strip('"')
    return "unknown"


def _sqlite():
    # Barback loads the system's library; Python may carry another.
    return _package("libsqlite3-0") or f"{sqlite3.sqlite_version} (Python's)"


def _package(name):
    try:
        return subprocess.run(
            ["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True,
            check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _said(*arguments):
    try:
        result = subprocess.run(arguments, capture_output=True, text=True)
    except OSError:
        return "unknown"
    return (result.stdout + result.stderr).strip().splitlines()[0]


def size(path):
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def disk_of(path):
    """The file system that holds a path, and its device."""
    best = ("", "unknown")
    with open("/proc/self/mounts") as file:
        for line in file:
            device, place, kind = line.split()[:3]
            prefix = place if place.endswith("/") else place + "/"
            if (path + "/").startswith(prefix) and len(place) >= len(best[0]):
                best = (place, f"{kind} on {device}")
    return best[1]
