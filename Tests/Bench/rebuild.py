"""Read models built from a whole log, and the log verified."""

import glob
import os
import resource
import statistics
import subprocess
import time

import machine

MODELS = ("menu", "search", "orders", "access", "notifications")


def build(binary, data, name):
    """Seconds from the start of a projector that has no read model until it has one, whole and on the disk."""
    for file in glob.glob(f"{data}/models/{name}*"):
        os.remove(file)
    reading, writing = os.pipe()
    begin = time.monotonic()
    projector = machine.spawn(
        [binary, "projector", name, "--data", data], f"{data}/{name}.log",
        {"BARBACK_READY_FD": str(writing)}, (writing,))
    os.close(writing)
    is_ready = os.read(reading, 100) == b"ready\n"
    seconds = time.monotonic() - begin
    cpu = machine.cpu_seconds(projector.pid) if is_ready else 0
    os.close(reading)
    machine.stop(projector)
    if not is_ready:
        with open(f"{data}/{name}.log") as file:
            raise RuntimeError(f"barback projector {name} did not start: {file.read()}")
    return seconds, cpu


def verify(binary, data):
    """Seconds that `barback verify` takes; it must find the log as it was written."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    done = subprocess.run([binary, "verify", "--data", data], capture_output=True, text=True)
    seconds = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise RuntimeError(f"barback verify: {done.stdout}{done.stderr}")
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def medians(measure, rounds=3):
    """The median of the seconds and of the CPU seconds."""
    return tuple(statistics.median(figures) for figures in zip(*(measure() for _ in range(rounds))))
