"""A bar of its own for a journey: `barback serve` in a temporary directory, asked and driven over HTTP."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request


class Bar:
    """Runs until `close`; `origin` is where phones open it, at `host`."""

    def __init__(self, program, host):
        self.host = host
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="barback-browser-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.origin = f"http://{host}:{self.port}"
        self._program = program
        self._arguments = [
            program, "serve", "--demo", "--data", str(self.folder / "data"), "--listen", f"127.0.0.1:{self.port}",
            "--base-url", self.origin, "--max-active-orders", "0"]
        self.start()
        self.first_run = json.loads((self.folder / "data/first-run.json").read_text())
        self.key = self.first_run["api_key"]
        self.token = None
        admin = self.first_run["admin"]
        self.token = self.ask("POST", "/auth/login", admin)["access_token"]

    def start(self):
        self._notes = open(self.folder / "notes", "a")
        self._process = subprocess.Popen(self._arguments, stdout=self._notes, stderr=self._notes)
        until(lambda: self.is_open(), "the bar is open", seconds=30)

    def is_open(self):
        try:
            return all(self.get("/readyz") == 200 for _ in range(10))
        except OSError:
            return False

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def ask(self, method, path, body=None, **headers):
        """Asks as the host; the data of the answer. Fails with the bar's own words."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        request.add_header("X-Api-Key", self.key)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            if error.code == 429:  # A host is not as fast as a program.
                time.sleep(int(error.headers["Retry-After"]))
                return self.ask(method, path, body, **headers)
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None

    @property
    def join_path(self):
        return "/join/" + self.first_run["registration_code"]

    def drink(self, name):
        return next(drink for drink in self.ask("GET", "/drinks") if drink["name"] == name)

    def order_for(self, name, drink, **more):
        """An order as the bar makes it for somebody without a phone."""
        return self.ask("POST", "/admin/orders", {"guest_name": name, "drink_id": self.drink(drink)["id"], **more})

    def queue(self):
        return self.ask("GET", "/admin/orders")

    def move(self, order, status, **more):
        return self.ask("PUT", f"/admin/orders/{order['id']}", {"status": status, **more})

    def kill(self, name):
        """Kills one process of the bar; the supervisor starts the next."""
        self._signal(name, signal.SIGKILL)

    @contextlib.contextmanager
    def held_up(self, name):
        """One process of the bar does nothing meanwhile."""
        self._signal(name, signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(name, signal.SIGCONT)

    def _signal(self, name, number):
        for line in (self.folder / "data/run/processes").read_text().splitlines():
            fields = line.split("\t")
            if fields[0] == name:
                os.kill(int(fields[1]), number)
                return
        raise AssertionError(f"there is no process {name}")

    def back_up(self):
        self._run("backup", str(self.folder / "backup"))

    def restore(self):
        """Back to the backup, as if what came after it had never been."""
        self.stop()
        self._run("restore", str(self.folder / "backup"), "--replace")
        self.start()

    def _run(self, *words):
        subprocess.run([self._program, *words, "--data", str(self.folder / "data")], check=True, capture_output=True)

    def stop(self):
        self._process.terminate()
        self._process.wait(20)
        self._notes.close()

    def restart(self):
        self.stop()
        self.start()

    def close(self):
        if self._process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def notes(self):
        return (self.folder / "notes").read_text()


def half(bar, whole):
    """Those of many looks that this address has: both have the first half or the second, at the same time."""
    middle = (len(whole) + 1) // 2
    return whole[:middle] if bar.host == "localhost" else whole[middle:]


def until(condition, sentence, seconds=10):
    """Waits for a condition; its value once that is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {sentence}")
