"""Live events: how long one takes to its streams, what ten thousand streams cost, and what they leave to others."""

import json
import os
import random
import re
import resource
import select
import signal
import socket
import statistics
import subprocess
import threading
import time

import load
import machine
from visible import _ask, _LENGTH, _POSITION, head_of, percentile

HERE = os.path.dirname(os.path.abspath(__file__))
STREAMS_A_GUEST = 8
# Enough to be with both threads of the front.
WATCHED = 20
READERS = 6
MOVES = ("in_progress", "ready", "completed")
BOTTLE = "White rum"


def measure(bench):
    many = 2_000 if bench.quick else 10_000
    # The front gives no more of its descriptors to streams.
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if descriptors - descriptors // 8 - 256 < many + 100:
        bench.remarks.append(f"No live events: {many:,} streams need ulimit -Hn {(many + 500) * 8 // 7:,} or more.")
        return
    tools = Tools(bench.root)
    bar = bench.bar("live").start()
    delays(bench, bar, tools, 200 if bench.quick else 1_000)
    fan_out(bench, bar, tools, many)
    menus(bench, bar, tools, many // 2)
    bar.stop()


# MARK: An order moved

def delays(bench, bar, tools, count):
    """One stream for each of many guests; those of some are watched here while their orders move."""
    bench.say(f"order events to one of {count:,} streams")
    moves = 120 if bench.quick else 1_500
    tokens = bar.access.guests(count)
    watched, others = tokens[:WATCHED], tools.streams(bar, count - WATCHED, tokens[WATCHED:])
    quiet = _moves(bar, watched, moves)
    background = load.start_orders(bar, 64, 4 if bench.quick else 15, "random", pace=63)
    time.sleep(0.5)
    busy = _moves(bar, watched, moves)
    result = load.finish(background)
    others.close()
    bench.check([result], "the background of 1,000 orders/s")
    what = f"an order moved (PUT) acknowledged, to its guest's stream, {count:,} streams"
    for name, taken, goal in (("quiet", quiet, 10), (f"beside {result.rate:,.0f} orders/s", busy, None)):
        for start, begun in (("acknowledged", [after for _, after in taken]), ("sent", [all for all, _ in taken])):
            begun.sort()
            p99 = percentile(begun, 99)
            is_goal = goal and start == "acknowledged"
            bench.row(
                f"{what}, {name}: p99" if start == "acknowledged" else "from the PUT sent", f"{p99:.2f} ms",
                f"p50 {percentile(begun, 50):.2f} ms, worst of {len(begun):,}: {begun[-1]:.2f} ms", "",
                f"under {goal} ms" if is_goal else "", p99 < goal if is_goal else None)


def _moves(bar, tokens, count):
    """(milliseconds from the PUT sent, from its acknowledgement) to the event on the guest's stream.

    The second is below zero where the event was first.
    """
    taken = []
    with Line(bar, bar.access.host()) as host:
        for number, token in enumerate(tokens):
            guest = bar.access.headers(token)
            with Line(bar, guest) as line, Stream(bar, guest) as stream:
                while len(taken) < count * (number + 1) // len(tokens):
                    order = json.loads(line.ask("POST", "/orders", {"drink_id": bar.drink}, b"201")[1])["data"]["id"]
                    for status in MOVES:
                        # Not in step with anything that happens at a fixed interval.
                        time.sleep(random.uniform(0.002, 0.006))
                        taken.append(_move(host, stream, order, status))
    return taken


def _move(host, stream, order, status):
    request = host.request("PUT", f"/admin/orders/{order}", {"status": status})
    poll = select.poll()
    for each in (host, stream):
        poll.register(each.socket, select.POLLIN)
    answer, position, acknowledged, arrived = b"", None, None, {}
    sent = time.perf_counter()
    host.socket.sendall(request)
    while position not in arrived:
        ready = [descriptor for descriptor, _ in poll.poll(10_000)]
        if not ready:
            raise RuntimeError(f"no event for position {position}")
        if host.socket.fileno() in ready:
            answer += host.socket.recv(65_536)
            if (head := answer.partition(b"\r\n\r\n"))[1] and len(head[2]) == int(_LENGTH.search(answer)[1]):
                acknowledged = time.perf_counter()
                if not answer.startswith(b"HTTP/1.1 200"):
                    raise RuntimeError(answer.decode())
                position = int(_POSITION.search(answer)[1])
        if stream.socket.fileno() in ready:
            found = stream.events()
            now = time.perf_counter()
            arrived.update((number, now) for number, _ in found)
    return (arrived[position] - sent) * 1e3, (arrived[position] - acknowledged) * 1e3


# MARK: A menu changed

def fan_out(bench, bar, tools, count):
    bench.say(f"a menu change to {count:,} streams, beside a raw epoll loop")
    rounds = 6 if bench.quick else 20
    tokens = bar.access.guests(-(-count // STREAMS_A_GUEST) + 1)
    with Line(bar, bar.access.host()) as host:
        with Stream(bar, bar.access.headers(tokens[-1])) as stream:
            # Both threads of the front have made their menus by then, and the kernel has given them their memory.
            for number in range(20):
                _change(host, number)
                event = stream.next()
            raw = Fanout(tools, stream.opening, event)
        bar.settle()
        before = {each: _resident(pid) for each, pid in (("front", bar.pid("front")), ("raw", raw.process.pid))}
        ours = tools.streams(bar, count, tokens[:-1])
        theirs = Streams(tools, raw.port, count, tools.heads)
        taken, spread, reference, cpu = [], [], [], []
        for number in range(rounds):
            time.sleep(random.uniform(0.2, 0.4))
            with bar.cost() as cost:
                sent = time.monotonic_ns()
                _change(host, number)
                first, last = ours.event()
            taken.append((last - sent) / 1e6)
            spread.append((last - first) / 1e6)
            cpu.append(cost["front"] * 1e3)
            time.sleep(random.uniform(0.2, 0.4))
            sent = time.monotonic_ns()
            raw.process.send_signal(signal.SIGUSR1)
            reference.append((theirs.event()[1] - sent) / 1e6)
        memory = [(_resident(pid) - before[each]) / count
                  for each, pid in (("front", bar.pid("front")), ("raw", raw.process.pid))]
        theirs.close()
        machine.stop(raw.process)
        beside, quiet = _longest(bar, host, ours, rounds)
        ours.close()
    middle, other = statistics.median(taken), statistics.median(reference)
    bench.row(
        f"a menu change to {count:,} streams: from the PUT sent to the last byte read", f"{middle:.0f} ms",
        f"a raw epoll loop: {other:.0f} ms", f"{middle / other:.2f}", "within 150 ms" + (
            " for 10,000" if bench.quick else ""), None if bench.quick else middle <= 150)
    bench.row(f"the slowest of {rounds}", f"{max(taken):.0f} ms", f"a raw epoll loop: {max(reference):.0f} ms")
    bench.row(
        "from the first stream that has it to the last", f"{statistics.median(spread):.0f} ms",
        f"CPU of the front for all: {statistics.mean(cpu):.0f} ms")
    bench.row(
        "GET /bar meanwhile, the longest of each time", f"{beside:.1f} ms", f"without a change: {quiet:.1f} ms")
    bench.row(
        f"memory of the front for each of {count:,} streams", f"{memory[0]:,.0f} bytes",
        f"a raw epoll loop: {memory[1]:,.0f} bytes", "", "under 8 KB", memory[0] < 8_000)


def _change(host, number):
    host.ask("PUT", f"/admin/ingredients/{BOTTLE.replace(' ', '%20')}", {"in_stock": number % 2 == 1}, b"200")


def _longest(bar, host, streams, rounds):
    """Milliseconds of the longest GET /bar while a change goes to all streams, and in as long without one: medians."""
    readers = [Reader(bar) for _ in range(READERS)]
    for each in readers:
        each.start()
    beside, quiet = [], []
    for number in range(rounds):
        time.sleep(random.uniform(0.2, 0.4))
        Reader.forget(readers)
        began = time.monotonic()
        _change(host, number)
        streams.event()
        seconds = time.monotonic() - began
        beside.append(Reader.longest(readers))
        time.sleep(0.2)
        Reader.forget(readers)
        time.sleep(seconds)
        quiet.append(Reader.longest(readers))
    for each in readers:
        each.end()
    return statistics.median(beside), statistics.median(quiet)


def _resident(pid):
    return sum(machine.resident(pid)) * (1 << 20)


# MARK: GET /drinks beside streams

def menus(bench, bar, tools, count):
    bench.say(f"GET /drinks beside {count:,} streams")
    seconds = 1 if bench.quick else 4
    load.reads(bar, "/drinks", 64, 1)
    alone, beside = [], []
    for _ in range(bench.rounds):
        alone.append(load.reads(bar, "/drinks", 64, seconds))
        streams = tools.streams(bar, count, bar.access.guests(-(-count // STREAMS_A_GUEST)))
        beside.append(load.reads(bar, "/drinks", 64, seconds))
        streams.close()
        bar.settle()
    bench.check(alone + beside, "GET /drinks beside streams")
    rate, other = (load.median(results, lambda r: r.rate) for results in (beside, alone))
    bench.row(
        f"GET /drinks, 64 connections, beside {count:,} idle streams", f"{rate:,.0f}/s", f"without: {other:,.0f}/s",
        f"{rate / other:.2f}", "at least 0.90", rate / other >= 0.9)
    p50, p99, other50, other99 = (
        load.median(results, figure) for results in (beside, alone)
        for figure in (lambda r: r.p50, lambda r: r.p99))
    bench.row("p50, p99", f"{p50:.1f}, {p99:.1f} ms", f"without: {other50:.1f}, {other99:.1f} ms")


# MARK: Clients

class Line:
    """A connection that stays open, of one who asks one thing after the other."""

    def __init__(self, bar, headers):
        self.socket = socket.create_connection(("127.0.0.1", bar.port), 10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = head_of(bar.port, headers)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def request(self, method, path, document):
        body = json.dumps(document)
        return (f"{method} {path} HTTP/1.1\r\n{self.head}Content-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}").encode()

    def ask(self, method, path, document, status):
        return _ask(self.socket, self.request(method, path, document), status)


class Reader(threading.Thread):
    """Asks for the bar every other millisecond."""

    def __init__(self, bar):
        super().__init__(daemon=True)
        self.line = Line(bar, bar.access.anyone())
        self.most = 0
        self.ended = threading.Event()

    def run(self):
        request = f"GET /bar HTTP/1.1\r\n{self.line.head}\r\n".encode()
        while not self.ended.wait(0.002):
            began = time.perf_counter()
            _ask(self.line.socket, request, b"200")
            self.most = max(self.most, (time.perf_counter() - began) * 1e3)

    @staticmethod
    def forget(readers):
        for each in readers:
            each.most = 0

    @staticmethod
    def longest(readers):
        """One that is under way counts when it has come to its end."""
        time.sleep(0.05)
        return max(each.most for each in readers)

    def end(self):
        self.ended.set()
        self.join()
        self.line.socket.close()


class Stream(Line):
    """A stream of events in this process."""

    def __init__(self, bar, headers):
        super().__init__(bar, headers)
        self.socket.sendall(get_events(bar, headers))
        self.rest = b""
        # The head, and the block that says where the stream begins.
        while self.rest.count(b"\n\n") < 1:
            self._read()
        self.opening, self.rest = self.rest, b""
        if not self.opening.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"GET /events: {self.opening.decode()}")

    def events(self):
        """(position, bytes) of those that came whole with what can be read now; waits for something to read."""
        self._read()
        *blocks, self.rest = self.rest.split(b"\n\n")
        return [(int(re.search(rb"^id: (\d+)$", block, re.M)[1]), block + b"\n\n")
                for block in blocks if b"\ndata: " in block]

    def next(self):
        """The bytes of one event, the next."""
        while not (found := self.events()):
            pass
        (_, event), = found
        return event

    def _read(self):
        got = self.socket.recv(65_536)
        if not got:
            raise RuntimeError(f"the front ended a stream: {self.rest.decode()}")
        self.rest += got


def get_events(bar, headers):
    return f"GET /events HTTP/1.1\r\n{head_of(bar.port, headers)}\r\n".encode()


class Tools:
    """Programs in C, made for this run: in Python the client would be most of what is measured."""

    def __init__(self, root):
        self.root, self.heads = root, f"{root}/heads"
        for name in ("streams", "fanout"):
            subprocess.run(
                ["cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", self.path(name),
                 f"{HERE}/{name}.c"], check=True)

    def path(self, name):
        return f"{self.root}/{name}"

    def streams(self, bar, count, tokens):
        """That many streams, spread over the guests with these tokens."""
        with open(self.heads, "wb") as file:
            for token in tokens:
                file.write(get_events(bar, bar.access.headers(token)))
        return Streams(self, bar.port, count, self.heads)


class Streams:
    """Streams that a process of their own reads."""

    def __init__(self, tools, port, count, heads):
        self.process = machine.spawn([tools.path("streams"), str(port), str(count), heads], subprocess.PIPE)
        self._say("open")

    def event(self):
        """Monotonic nanoseconds when the next event was whole on the first and on the last stream."""
        _, first, last = self._say("event")
        return int(first), int(last)

    def _say(self, word):
        # What does not reach all of them never would be said.
        watch = threading.Timer(60, self.process.kill)
        watch.start()
        line = self.process.stdout.readline().decode()
        watch.cancel()
        if not line.startswith(word):
            raise RuntimeError(f"{word} did not reach all streams: {line or 'nothing for a minute'}")
        return line.split()[1:]

    def close(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"streams ended: {self.process.stdout.read().decode()}")
        machine.stop(self.process)


class Fanout:
    """The raw epoll loop, with the bytes that the front sent."""

    def __init__(self, tools, opening, event):
        for name, text in (("opening", opening), ("event", event)):
            with open(tools.path(name), "wb") as file:
                file.write(text)
        self.process = machine.spawn(
            [tools.path("fanout"), tools.path("opening"), tools.path("event")], subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
