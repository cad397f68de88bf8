"""A bar: barback's processes on a data directory of their own."""

import http.client
import json
import os
import shutil
import sqlite3
import time

import load
import machine
from access import Access

DRINKS = 100
KEYED = 150_000


class Bar:
    """The processes that `barback serve` would start, started one by one.

    So the commands process can be given its batch size, and each is known by its pid.
    """

    def __init__(self, binary, data, batch=None):
        self.binary, self.data, self.batch = binary, data, batch
        self.drink = None

    def start(self):
        os.makedirs(self.data, exist_ok=True)
        self.port = machine.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        limit = ["--max-active-orders", "0"]
        batch = ["--batch-size", str(self.batch)] if self.batch else []
        self.processes = {}
        self._start("commands", ["commands", *limit, *batch])
        for name in ("access", "menu", "notifications", "orders", "search"):
            self._start(name, ["projector", name])
        self._start("front", ["front", *limit, "--listen", f"127.0.0.1:{self.port}"])
        machine.wait_for(lambda: is_ready(self.port), f"{self.data} ready")
        self.access = Access(self)
        if self.drink is None:
            self.drink = self._first_drink() or self._make_menu()
        return self

    def _start(self, name, arguments):
        reading, writing = os.pipe()
        log = f"{self.data}/{name}.log"
        try:
            process = machine.spawn(
                [self.binary, *arguments, "--data", self.data], log,
                {"BARBACK_READY_FD": str(writing)}, (writing,))
            self.processes[name] = process
            os.close(writing)
            writing = None
            # Ends early, with nothing, if the process does.
            if os.read(reading, 100) != b"ready\n":
                with open(log) as file:
                    raise RuntimeError(f"barback {name} did not start: {file.read()}")
        finally:
            os.close(reading)
            if writing is not None:
                os.close(writing)

    def stop(self):
        for process in reversed(self.processes.values()):
            machine.stop(process)

    def cost(self):
        return load.Cost({name: [process.pid] for name, process in self.processes.items()})

    def pid(self, name):
        return self.processes[name].pid

    def settle(self):
        """Waits until the read models have caught up and the processes are at rest."""
        pids = [process.pid for process in self.processes.values()]

        def is_level():
            head = events_in(self.data)
            text = get(self.port, "/metrics")[1].decode()
            places = [int(line.split()[1]) for line in text.splitlines()
                      if line.startswith("barback_model_position")]
            return min(places) >= head

        def is_quiet():
            before = machine.cpu_seconds(*pids)
            time.sleep(0.2)
            return machine.cpu_seconds(*pids) - before <= 0.02

        machine.wait_for(is_level, "read models level with the log", 120)
        machine.wait_for(is_quiet, "processes at rest", 60)

    # MARK: Requests

    def ask(self, method, path, document, headers):
        """Status, body and headers; `document` is sent as JSON, unless it is None."""
        body = None if document is None else json.dumps(document)
        return _ask(self.port, method, path, body, {"Content-Type": "application/json", **headers}, 10)

    def headers(self):
        """Of whoever reads the menu."""
        return self.access.anyone()

    def get(self, path):
        return self.ask("GET", path, None, self.access.anyone())

    def post(self, path, document):
        """What the host made."""
        status, body, _ = self.ask("POST", path, document, self.access.host())
        if status != 201:
            raise RuntimeError(f"POST {path}: {status} {body.decode()}")
        return json.loads(body)["data"]

    # MARK: The menu

    def _first_drink(self):
        drinks = json.loads(self.get("/drinks")[1])["data"]
        return drinks[0]["id"] if drinks else None

    def _make_menu(self):
        """A menu whose GET /drinks is 100 drinks and about 60 KB."""
        section = self.post("/admin/sections", {"name": "Classics", "display_order": 1})
        for number in range(DRINKS):
            made = self.post("/admin/drinks", {
                "section_id": section["id"], "name": f"Classic {number}",
                "description": "Cold, short and quick.",
                "ingredients": [{"name": "White rum", "amount": 60, "unit": "ml"},
                                {"name": "Lime juice", "amount": 20, "unit": "ml"}],
                "glass": "coupe", "ice": "none", "abv": 23, "tags": ["rum"],
                "display_order": number})
        machine.wait_for(
            lambda: json.loads(self.get("/drinks")[1])["metadata"]["count"] == DRINKS,
            "the menu's drinks")
        return made["id"]


class Served:
    """`barback serve`, measured from its start until it and all of its processes are ready."""

    def __init__(self, binary, data):
        self.binary, self.data = binary, data

    def start(self):
        port = machine.free_port()
        table = f"{self.data}/run/processes"
        if os.path.exists(table):
            os.remove(table)
        begin = time.monotonic()
        self.process = machine.spawn(
            [self.binary, "serve", "--data", self.data, "--listen", f"127.0.0.1:{port}",
             "--max-active-orders", "0"], f"{self.data}/serve.log")
        machine.wait_for(lambda: all_ready(table) and is_ready(port), "barback serve ready")
        self.seconds = time.monotonic() - begin
        return self

    def pids(self):
        with open(f"{self.data}/run/processes") as file:
            rows = [line.split("\t") for line in file]
        return {row[0]: int(row[1]) for row in rows}

    def stop(self):
        machine.stop(self.process)


def all_ready(table):
    try:
        with open(table) as file:
            states = [line.split("\t")[2] for line in file]
    except FileNotFoundError:
        return False
    return len(states) > 1 and set(states) == {"ready"}


def is_ready(port):
    try:
        return get(port, "/readyz", timeout=1)[0] == 200
    except OSError:
        return False


def get(port, path, headers={}, timeout=10):
    return _ask(port, "GET", path, None, headers, timeout)


def _ask(port, method, path, body, headers, timeout):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def events_in(data):
    return _ask_log(data, "SELECT position FROM head")


def keys_of_last_day(data):
    """How many Idempotency-Keys the commands process has to know again after a start."""
    cutoff = (time.time() - 24 * 3_600) * 1e6
    return _ask_log(data, f"SELECT count(*) FROM command WHERE recorded_at > {cutoff:.0f}")


def _ask_log(data, question):
    log = sqlite3.connect(f"file:{data}/log.db?mode=ro", uri=True, timeout=10)
    try:
        return log.execute(question).fetchone()[0]
    finally:
        log.close()


def seed(binary, data, events, keyed, say, like=None):
    """A data directory with that many events at least, so many of them keyed within the last day.

    Made by orders through the front, as any other, and kept for the next run. Keys grow old in a
    day; new orders take their place. `like` is a seeded directory to begin from.
    """
    if not os.path.exists(f"{data}/seeded"):
        shutil.rmtree(data, ignore_errors=True)
        if like:
            shutil.copytree(like, data, ignore=shutil.ignore_patterns("run", "seeded"))
    bar = Bar(binary, data).start()
    try:
        while (missing := events - events_in(data)) > 0:
            say(f"seeding {data}: {missing:,} events to go")
            load.orders(bar, 256, max(1, min(10, missing // 20_000)), keys="none")
        while (missing := keyed - keys_of_last_day(data)) > 0:
            say(f"seeding {data}: {missing:,} keyed orders to go")
            load.orders(bar, 256, max(1, min(10, missing // 20_000)), keys="random")
        bar.settle()
    finally:
        bar.stop()
    open(f"{data}/seeded", "w").close()
    return events_in(data), keys_of_last_day(data)
