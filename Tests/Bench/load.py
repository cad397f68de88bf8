"""wrk, and what the processes under it cost."""

import os
import statistics
import subprocess
from dataclasses import dataclass

import machine

HERE = os.path.dirname(os.path.abspath(__file__))
_runs = int.from_bytes(os.urandom(3), "big") << 8


@dataclass
class Result:
    requests: int
    seconds: float
    p50: float  # milliseconds
    p99: float  # milliseconds
    errors: int
    cpu: dict  # microseconds a request, by process

    @property
    def rate(self):
        return self.requests / self.seconds


def orders(bar, connections, seconds, keys="ordered", pace=0):
    """POST /orders as fast as the answers come, or at a pace in milliseconds a connection."""
    with bar.cost() as cost:
        run = start_orders(bar, connections, seconds, keys, pace)
        result = finish(run)
    return _with_cost(result, cost)


def start_orders(bar, connections, seconds, keys="ordered", pace=0):
    global _runs
    # Another run never repeats a key, or it would measure the answer to a repeated order.
    _runs = (_runs + 1) & 0xFFFFFFFF
    environment = {
        "DRINK": bar.drink, "API_KEY": bar.access.key, "TOKENS": " ".join(bar.access.guests()), "KEYS": keys, "RUN": f"{_runs:08x}", "PACE": str(pace),
    }
    return _start(bar.url + "/orders", "orders.lua", 1, connections, seconds, environment)


def reads(server, path, connections, seconds, keys=None):
    """GET as fast as the answers come; `server` has a url and a cost.

    With one API key, or with many, one after the other.
    """
    with server.cost() as cost:
        if keys:
            run = _start(server.url + path, "keys.lua", 2, connections, seconds, {"KEYS": " ".join(keys)})
        else:
            run = start_reads(server, path, connections, seconds)
        result = finish(run)
    return _with_cost(result, cost)


def start_reads(server, path, connections, seconds, threads=2):
    return _start(server.url + path, "result.lua", threads, connections, seconds, {}, server.headers())


def start_logins(bar, connections, seconds, pace):
    """Wrong passwords at a pace in milliseconds a connection; what is refused counts as no error."""
    headers = {**bar.access.anyone(), "Content-Type": "application/json"}
    return _start(
        bar.url + "/auth/login", "login.lua", 1, connections, seconds, {"PACE": str(pace)}, headers)


def _start(url, script, threads, connections, seconds, environment, headers={}):
    named = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    return machine.spawn(
        ["wrk", "-t", str(threads), "-c", str(connections), "-d", f"{seconds}s", *named, "-s",
         f"{HERE}/{script}", url], subprocess.PIPE, {"RESULT": f"{HERE}/result.lua", **environment})


def finish(run):
    output = run.communicate()[0].decode()
    machine.stop(run)
    for line in output.splitlines():
        if line.startswith("RESULT "):
            requests, took, p50, p99, errors = (int(word) for word in line.split()[1:])
            if requests == 0:
                break
            return Result(requests, took / 1e6, p50 / 1e3, p99 / 1e3, errors, {})
    raise RuntimeError(f"wrk measured nothing:\n{output}")


def _with_cost(result, cost):
    result.cpu = {name: seconds * 1e6 / result.requests for name, seconds in cost.items()}
    return result


class Cost:
    """CPU seconds of processes while a block runs: `with Cost({"front": [pid]}) as cost`."""

    def __init__(self, processes):
        self.processes = processes

    def __enter__(self):
        self.before = self._now()
        self.spent = {}
        return self.spent

    def __exit__(self, *_):
        for name, seconds in self._now().items():
            self.spent[name] = seconds - self.before[name]

    def _now(self):
        return {name: machine.cpu_seconds(*pids) for name, pids in self.processes.items()}


def median(results, figure):
    return statistics.median(figure(result) for result in results)


def errors(results):
    return sum(result.errors for result in results)
