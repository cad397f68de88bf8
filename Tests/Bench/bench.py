#!/usr/bin/env python3
"""Measures barback against its goals, each figure beside a reference from the same run.

    Tests/Bench/bench.py [--binary .build/release/barback] [--quick] [--write docs/PERFORMANCE.md]
    Tests/Bench/bench.py --only drinks,start

About six minutes, with `--quick` two; the first run makes logs of 1,000,000 events
besides, a minute or two, and keeps them under /tmp (2 GB). A benchmark, not a test: a missed goal does not fail it. Only on loopback.
"""

import argparse
import os
import shlex
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time

import live
import load
import machine
import postgres
import rebuild as rebuilding
import report
import search
import seed as seeding
import stock
import visible
from bar import Bar, Served, KEYED, events_in, seed
from report import Row
from web import Nginx

MEGABYTE = 1 << 20
KEYS = 512
THRESHOLD = 4_000 * (4_096 + 24)  # LogWriter copies the write-ahead log at 4,000 frames.


class Bench:
    def __init__(self, options, root):
        self.binary, self.quick, self.root = options.binary, options.quick, root
        self.cache = options.cache
        self.rounds = 3 if options.quick else 5
        self.rows = []
        self.remarks = []

    def say(self, text):
        print(f"{time.monotonic() - BEGIN:5.0f} s  {text}", file=sys.stderr, flush=True)

    def row(self, *cells, **named):
        self.rows.append(Row(*cells, **named))

    def check(self, results, what):
        count = load.errors(results)
        if count:
            self.remarks.append(f"{what}: {count} requests of {sum(r.requests for r in results)} "
                                "failed; the figure is not to be trusted.")

    def bar(self, name, batch=None):
        return Bar(self.binary, f"{self.root}/{name}", batch)

    # MARK: GET /drinks

    def drinks(self):
        self.say("GET /drinks, beside nginx")
        seconds = 1 if self.quick else 4
        bar = self.bar("drinks").start()
        body = bar.get("/drinks")[1]
        nginx = Nginx(f"{self.root}/nginx").start(body)
        # Each may ask a hundred times a second: together they may ask faster than anybody answers.
        keys = [bar.access.new_key("public") for _ in range(KEYS)]
        limited, ours, plain, named, kept = [], [], [], [], []
        for site in (bar, nginx.plain, nginx.kept):
            load.reads(site, "/drinks", 64, 1)
        for _ in range(self.rounds):
            ours.append(load.reads(bar, "/drinks", 64, seconds))
            plain.append(load.reads(nginx.plain, "/drinks", 64, seconds))
            limited.append(load.reads(bar, "/drinks", 64, seconds, keys))
            # A client that changes its head each time costs more itself.
            named.append(load.reads(nginx.plain, "/drinks", 64, seconds, keys))
            kept.append(load.reads(nginx.kept, "/drinks", 64, seconds))
        nginx.stop()
        bar.stop()
        self.check(ours + limited + plain + named + kept, "GET /drinks")
        what = f"GET /drinks, {len(body) / 1e3:.0f} KB, 64 connections"
        self._drinks(f"{what}, a key without rates", ours, "nginx", plain, True)
        self._drinks(f"{what}, {KEYS} keys of plan public, RateLimit headers", limited, "nginx", named, True)
        self._drinks(f"{what}, a key without rates", ours, "nginx, open_file_cache", kept, False)

    def _drinks(self, what, ours, name, reference, is_goal):
        rate, other = (load.median(results, lambda r: r.rate) for results in (ours, reference))
        self.row(
            what, f"{rate:,.0f}/s", f"{name}: {other:,.0f}/s", f"{rate / other:.2f}",
            "at least 0.90" if is_goal else "", rate / other >= 0.9 if is_goal else None)
        cpu = load.median(ours, lambda r: r.cpu["front"])
        other = load.median(reference, lambda r: r.cpu["nginx"])
        self.row(
            "CPU a request", f"{cpu:.1f} µs", f"{name}: {other:.1f} µs", f"{cpu / other:.2f}",
            "at most 1.25" if is_goal else "", cpu / other <= 1.25 if is_goal else None)
        p50, p99, other50, other99 = (
            load.median(results, figure) for results in (ours, reference)
            for figure in (lambda r: r.p50, lambda r: r.p99))
        self.row(
            "p50, p99", f"{p50:.1f}, {p99:.1f} ms", f"{name}: {other50:.1f}, {other99:.1f} ms")

    # MARK: POST /orders

    def orders(self):
        seconds = 1 if self.quick else 3
        rounds = 3
        many, one = self.bar("many").start(), self.bar("one", batch=1).start()
        for each in (many, one):
            load.orders(each, 64, 1)
        self.say("POST /orders, 64 connections, beside one command a transaction")
        self._orders(many, one, 64, 4, rounds, seconds, "")
        self.say("POST /orders, 8 connections")
        self._orders(many, one, 8, 2, rounds, seconds, "")
        aged = 20_000 if self.quick else 150_000
        while (missing := aged - events_in(many.data)) > 0:
            self.say(f"{missing:,} more orders")
            load.orders(many, 64, max(1, min(10, missing // 15_000)), keys="random")
        # The same log for both, read from the disk again by both.
        for each in (many, one):
            each.settle()
            each.stop()
        shutil.rmtree(one.data)
        shutil.copytree(many.data, one.data, ignore=shutil.ignore_patterns("run"))
        count = events_in(many.data)
        one.drink = many.drink
        many.start()
        one.start()
        self.say(f"POST /orders after {count:,} events")
        self._orders(many, one, 64, 4, rounds, seconds, f" after {count // 1000 * 1000:,} orders")
        many.stop()
        one.stop()

    def _orders(self, many, one, connections, goal, rounds, seconds, when):
        ordered, rand, single = [], [], []
        for _ in range(rounds):
            ordered.append(load.orders(many, connections, seconds, "ordered"))
            single.append(load.orders(one, connections, seconds, "ordered"))
            rand.append(load.orders(many, connections, seconds, "random"))
        self.check(ordered + rand + single, f"POST /orders{when}")
        rate, reference = (load.median(r, lambda r: r.rate) for r in (ordered, single))
        self.row(
            f"POST /orders{when}, {connections} connections, ordered keys", f"{rate:,.0f}/s",
            f"one command a transaction: {reference:,.0f}/s", f"{rate / reference:.1f}",
            f"at least {goal}", rate / reference >= goal)
        other = load.median(rand, lambda r: r.rate)
        self.row(
            "with random keys", f"{other:,.0f}/s",
            f"one command a transaction: {reference:,.0f}/s", f"{other / reference:.1f}",
            f"at least {goal}", other / reference >= goal)
        p50, p99, other50, other99 = (
            load.median(r, f) for r in (ordered, single)
            for f in (lambda r: r.p50, lambda r: r.p99))
        self.row(
            "p50, p99", f"{p50:.1f}, {p99:.1f} ms",
            f"one command a transaction: {other50:.1f}, {other99:.1f} ms")
        cpu, other = (load.median(r, lambda r: r.cpu["commands"]) for r in (rand, ordered))
        self.row(
            "CPU an order, commands process, random keys", f"{cpu:.1f} µs",
            f"ordered keys: {other:.1f} µs", f"{cpu / other:.2f}", "at most 1.20",
            cpu / other <= 1.2)
        self.row("CPU an order, all processes", self._cpu(ordered),
                 f"one command a transaction: {self._cpu(single)}")

    @staticmethod
    def _cpu(results):
        total = load.median(results, lambda r: sum(r.cpu.values()))
        parts = ", ".join(
            f"{name} {load.median(results, lambda r: r.cpu[name]):.0f}"
            for name in results[0].cpu)
        return f"{total:.0f} µs ({parts})"

    # MARK: Reading your own order

    def visible(self):
        bar = self.bar("visible").start()
        load.orders(bar, 8, 1)
        bar.settle()
        self.say("an acknowledged order, read: quiet")
        count = 300 if self.quick else 1_500
        quiet = visible.measure(bar, count, 0.002)
        self.say("an acknowledged order, read: 1,000 orders/s beside it")
        # 64 connections with 63 ms between an answer and the next order are about 1,000 orders/s.
        seconds = 3 if self.quick else 10
        background = load.start_orders(bar, 64, seconds + 1, "random", pace=63)
        time.sleep(0.5)
        busy = []
        end = time.monotonic() + seconds - 0.5
        while time.monotonic() < end:
            busy += visible.measure(bar, 50, 0.004)
        busy.sort()
        result = load.finish(background)
        self.check([result], "the background of 1,000 orders/s")
        bar.stop()
        for name, taken, goal in (
            ("quiet", quiet, 5), (f"beside {result.rate:,.0f} orders/s", busy, 20)):
            p99 = visible.percentile(taken, 99)
            self.row(
                f"an acknowledged order can be read (Barback-After), {name}: p99",
                f"{p99:.2f} ms",
                f"p50 {visible.percentile(taken, 50):.2f} ms, worst of {len(taken):,}: "
                f"{taken[-1]:.2f} ms",
                "", f"under {goal} ms", p99 < goal)

    # MARK: Live events

    def live(self):
        live.measure(self)

    # MARK: Guessing passwords

    def guesses(self):
        """Orders as a very busy bar has them, with and without somebody who tries passwords beside them."""
        self.say("orders beside a flood of wrong passwords")
        bar = self.bar("guesses").start()
        seconds = 2 if self.quick else 5
        load.orders(bar, 64, 1, "random", pace=63)
        quiet, flooded, tries = [], [], []
        for _ in range(self.rounds):
            quiet.append(load.orders(bar, 64, seconds, "random", pace=63))
            flood = load.start_logins(bar, 16, seconds + 1, pace=32)
            time.sleep(0.5)
            flooded.append(load.orders(bar, 64, seconds, "random", pace=63))
            tries.append(load.finish(flood))
        bar.stop()
        self.check(quiet + flooded, "orders beside a flood of wrong passwords")
        p50, p99, other50, other99 = (
            load.median(results, figure) for results in (flooded, quiet)
            for figure in (lambda r: r.p50, lambda r: r.p99))
        rate = load.median(tries, lambda r: r.rate)
        self.row(
            f"{load.median(flooded, lambda r: r.rate):,.0f} orders/s beside {rate:,.0f} wrong passwords/s: p99",
            f"{p99:.2f} ms", f"quiet: {other99:.2f} ms", f"{p99 / other99:.2f}", "at most 1.25",
            p99 / other99 <= 1.25)
        self.row("p50", f"{p50:.2f} ms", f"quiet: {other50:.2f} ms", f"{p50 / other50:.2f}")

    # MARK: An empty bottle

    def stock(self):
        self.say("an ingredient out, and the menu without its drinks")
        bar = self.bar("stock").start()
        stock.furnish(bar)
        stock.measure(bar, 40, 0.01)
        whole, after = stock.measure(bar, 200 if self.quick else 1_000, 0.005)
        bar.stop()
        for name, taken, goal in (("acknowledged", after, 10), ("tapped", whole, None)):
            p99 = visible.percentile(taken, 99)
            self.row(
                f"ingredient out {name}, to a menu of 400 drinks without its own (Barback-After): p99",
                f"{p99:.2f} ms",
                f"p50 {visible.percentile(taken, 50):.2f} ms, worst of {len(taken):,}: {taken[-1]:.2f} ms",
                "", f"under {goal} ms" if goal else "", p99 < goal if goal else None)

    # MARK: Start

    def start(self):
        events = 100_000 if self.quick else 1_000_000
        plain = None
        for keyed in (0, events * KEYED // 1_000_000):
            data = f"{self.cache}/{events}-{keyed}"
            count, keys = seed(self.binary, data, events, keyed, self.say, like=plain)
            plain = plain or data
            self.say(f"start with {count:,} events, {keys:,} keys of the last day")
            taken = []
            for turn in range(self.rounds):
                served = Served(self.binary, data).start()
                taken.append(served.seconds)
                if turn == self.rounds - 1:
                    private, shared = machine.resident(served.pids()["commands"])
                # The verification in the background, which began, ends with the process.
                served.stop()
            middle = statistics.median(taken)
            self.row(
                f"serve: start to all ready, {count:,} events, {keys:,} keys of the last day",
                f"{middle:.3f} s", f"fastest {min(taken):.3f}, slowest {max(taken):.3f} s", "",
                "under 0.3 s" + (" at 1,000,000" if self.quick else ""),
                None if self.quick else middle < 0.3)
            self.row(
                "memory then: commands", f"{private + shared:.1f} MB",
                f"private {private:.1f}, shared {shared:.1f}")

    # MARK: Rebuild and verify

    def rebuild(self):
        events = 100_000 if self.quick else 1_000_000
        data = f"{self.cache}/sealed-evenings-{events}"
        self.say(f"a log of {events:,} events of evenings")
        seeding.seed(self.binary, data, events)
        os.makedirs(f"{data}/models", exist_ok=True)
        for name in rebuilding.MODELS:
            self.say(f"building {name} from {events:,} events")
            seconds, cpu = rebuilding.medians(lambda: rebuilding.build(self.binary, data, name))
            self.row(
                f"read model {name} built from {events:,} events", f"{events / seconds:,.0f} events/s",
                f"{seconds:.2f} s; CPU {cpu:.2f} s", "", "at least 200,000 events/s",
                events / seconds >= 200_000)
        self.say(f"verifying {events:,} events")
        seconds, cpu = rebuilding.medians(lambda: rebuilding.verify(self.binary, data))
        self.row(
            f"verify {events:,} events", f"{seconds:.2f} s",
            f"{events / seconds:,.0f} events/s; CPU {cpu:.2f} s", "",
            "under 3 s" + (" at 1,000,000" if self.quick else ""), None if self.quick else seconds < 3)

    # MARK: The search

    def search(self):
        if not postgres.is_there():
            self.remarks.append("No search: apt-get install --no-install-recommends postgresql-15 "
                                "python3-psycopg2, and run this with /usr/bin/python3.")
            return
        search.measure(self)

    # MARK: Memory and the write-ahead log

    def rest(self):
        self.say("memory at rest")
        data = f"{self.root}/rest"
        Bar(self.binary, data).start().stop()
        served = Served(self.binary, data).start()
        time.sleep(1 if self.quick else 3)
        sizes = {name: machine.resident(pid) for name, pid in served.pids().items()}
        served.stop()
        for name, (private, shared) in sizes.items():
            self.row(
                f"memory at rest: {name}", f"{private + shared:.1f} MB",
                f"private {private:.1f}, shared {shared:.1f}", "", "under 15 MB",
                private + shared < 15)

    def load(self):
        seconds = 8 if self.quick else 30
        self.say(f"{seconds} s of full load with readers")
        bar = self.bar("load").start()
        load.orders(bar, 64, 1)
        sampler = Sampler(bar)
        sampler.start()
        runs = [
            load.start_orders(bar, 64, seconds, "random"),
            load.start_reads(bar, "/drinks", 4, seconds, threads=1),
            load.start_reads(bar, "/bar", 4, seconds, threads=1),
        ]
        results = [load.finish(run) for run in runs]
        sampler.end()
        bar.settle()
        bar.stop()
        self.check(results, "full load with readers")
        beside = (f"{results[0].rate:,.0f} orders/s, {results[1].rate:,.0f} menus/s, "
                  f"{results[2].rate:,.0f} bars/s")
        limits = {"commands": 45, "menu": 35, "orders": 35, "front": 30}
        for name, limit in limits.items():
            private, shared = sampler.memory[name]
            self.row(
                f"memory under load: {name}, the most", f"{private + shared:.1f} MB",
                f"private {private:.1f}, shared {shared:.1f}", "", f"under {limit} MB",
                private + shared < limit)
        size = sampler.wal / MEGABYTE
        self.row(
            f"log.db-wal in {seconds} s of full load with readers, the most", f"{size:.1f} MB",
            f"threshold: {THRESHOLD / MEGABYTE:.1f} MB; {beside}", f"{sampler.wal / THRESHOLD:.2f}",
            "at most 1.50", sampler.wal / THRESHOLD <= 1.5)


class Sampler(threading.Thread):
    """The most memory of each process, looked at each second, and the longest write-ahead log."""

    def __init__(self, bar):
        super().__init__(daemon=True)
        self.bar = bar
        self.memory = {name: (0, 0) for name in bar.processes}
        self.wal = 0
        self.ended = threading.Event()

    def run(self):
        turn = 0
        while True:
            self.wal = max(self.wal, machine.size(f"{self.bar.data}/log.db-wal"))
            if turn % 20 == 0:
                for name in self.memory:
                    found = machine.resident(self.bar.pid(name))
                    self.memory[name] = max(self.memory[name], found, key=sum)
            if self.ended.wait(0.05):
                return
            turn += 1

    def end(self):
        self.ended.set()
        self.join()


METHOD = [
    "Real processes of the release build on one machine, started alone (`commands`, five `projector`, `front`) or by "
    "`barback serve` (start, memory at rest); a fresh data directory each; 100 drinks; 64 guests; "
    "`--max-active-orders 0`. Every order is acknowledged after its fsync, and the projectors run.",
    "Load by wrk on the same cores: one thread for orders, two for reads, no pipelining. The figures share the machine "
    "with the client that makes the load, so they are no upper bound.",
    "Where two are compared their runs alternate (A B A B) and medians are shown. CPU is user and system time of all "
    "threads of the process from /proc/PID/stat, divided by wrk's count of answers.",
    "nginx: two workers as the front has two threads, reuseport, sendfile, no log, no gzip, about the same size of "
    "head. Without open_file_cache it opens the file for each request, as it does out of the box; the second "
    "reference keeps it open.",
    "Every request shows an API key, orders a guest's token besides. The key is of plan unlimited, since the plan of "
    "the page would hold back a client that never rests; with 512 keys of plan public, one after the other, each "
    "answer is counted and says so in its RateLimit headers.",
    "A flood of wrong passwords: sixteen connections of wrk with a random pause, half of the tries with the name of the "
    "host and half with names that are not there, under a key without rates; orders come from 64 connections "
    "with a pause as well. A password is hashed by a helper at idle priority, one at a time; "
    "most of the flood is told to come again.",
    "One command a transaction is the same binary with `commands --batch-size 1`.",
    "An order is visible: from the last byte of the POST's answer to the last byte of the answer to GET /orders/{id} "
    "with Barback-After, on one keep-alive connection, in Python, whose own time is in it. The "
    "background is wrk with a random pause after each answer.",
    "An order moved: its guest's stream and the line of the PUT are read by one thread with one clock, in Python, whose own "
    "time is in it; where the event comes before the answer, the time from the answer is below zero. Each stream is of "
    "another guest; twenty of them take turns, the others are held by Tests/Bench/streams.c.",
    "A menu change: an ingredient runs out or comes back, and every stream has its event whole. Eight streams a guest, all "
    "held by one process (Tests/Bench/streams.c), which looks at them once a millisecond: woken by each single send it "
    "would cost the sender half as much again, and phones do not run on the server. The raw epoll loop "
    "(Tests/Bench/fanout.c) sends the same bytes to as many from one thread and knows no guests, no log and no HTTP; "
    "both have all of their streams open, and take turns. Memory is what a process itself holds, before and with its "
    "streams; what the kernel keeps for a connection is the same for both and in neither. Meanwhile, in rounds of their "
    "own, six connections ask for the bar every other millisecond.",
    "Idle streams get their pings; they are opened before and closed after each second run of the reads.",
    "Start: from fork to the moment that run/processes shows every process ready and /readyz says 200, looked at "
    "every 2 ms, with a warm page cache. The seeded logs came through the front as any order does, and every order "
    "in them still waits. An order's key counts for a day, so what a start must load depends on the keys of the last "
    "day: none, or 150,000, which no bar sells.",
    "A read model is built: from the start of a projector that has none until it says that it is ready, the file "
    "whole and synced by then; medians of three, warm page cache. The log holds a menu of 100 drinks in 8 sections and 250 evenings of orders "
    "placed, moved and served (Tests/Bench/seed.py).",
    "An ingredient is out: PUT /admin/ingredients/{name}, then GET /drinks with Barback-After, its whole body read, on "
    "one keep-alive connection. The PUT is answered once the read models show it, so the second figure, from its first "
    "byte, is what a tap costs. 400 drinks, and both threads of the front make the menu anew.",
    "Search: 100,000 drinks and 600,000 lines written straight into a log, with the ingredients of known recipes in "
    "their proportions; 2,000 questions of each kind, the same to both, one after the other on one connection, the "
    "answers compared. Inside the front is what the header Server-Timing says; inside PostgreSQL 15 is a function "
    "that renders the same rows. There the drinks are JSONB with a GIN index (jsonb_path_ops), words a tsvector with "
    "another, the menu's order a B-tree; 512 MB of shared buffers, prepared statements, ANALYZE, warm.",
    "Memory is resident memory from smaps_rollup, private plus shared (libraries, and SQLite's wal-index, are shared "
    "with other processes and counted in each).",
]

HONEST = [
    "Two cores carry the client, the front, the writer, five projectors and the disk's interrupts: on a machine that "
    "also does something else (see above) rates fall and p99 rises first; CPU a request is the steadiest figure.",
    "A start reads the keys of the last day and the events after the last signed checkpoint, not the whole log. Tried by "
    "hand on a busy machine: with 1,000,000 keys of one day it took 0.6 to 1.0 s, and the commands process held 53 MB.",
    "Loopback has no radio, no TLS and no distance: latencies at a bar are those of its Wi-Fi.",
    "p99 at full load is queueing: 64 connections that never pause are far more than a bar has.",
    "What fsync costs depends on the disk; a consumer SSD without a write cache that survives power loss may take "
    "milliseconds each, which makes group commit matter more and the single figures smaller.",
]


SECTIONS = ["drinks", "orders", "visible", "live", "guesses", "stock", "start", "rebuild", "rest", "load", "search"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=".build/release/barback")
    parser.add_argument("--quick", action="store_true", help="one minute; figures are rough")
    parser.add_argument("--write", metavar="FILE", help="write the table as Markdown")
    parser.add_argument("--only", metavar="A,B", help=f"sections of {','.join(SECTIONS)}")
    parser.add_argument("--cache", default="/tmp/barback-bench", help="where seeded logs stay")
    options = parser.parse_args()
    options.binary = os.path.abspath(options.binary)
    sections = options.only.split(",") if options.only else SECTIONS
    if unknown := set(sections) - set(SECTIONS):
        parser.error(f"no section {', '.join(unknown)}")
    if not os.access(options.binary, os.X_OK):
        sys.exit(f"{options.binary} is missing: swift build -c release --product barback")
    if missing := [tool for tool in ("wrk", "nginx", "cc") if not shutil.which(tool)]:
        sys.exit(f"{' and '.join(missing)} missing: apt-get install --no-install-recommends "
                 "wrk nginx-light gcc libc6-dev")

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    root = tempfile.mkdtemp(prefix="barback-bench-", dir="/tmp")
    bench = Bench(options, root)
    others = machine.Others()
    try:
        for section in sections:
            getattr(bench, section)()
    finally:
        machine.stop_all()
        shutil.rmtree(root, ignore_errors=True)
    print(report.on_screen(bench.rows))
    noise = f"{others.share():.0%} of the machine's CPU time went to other programs"
    print(noise)
    for remark in bench.remarks:
        print(remark)
    if options.write:
        facts = machine.description() + [
            ("disk", machine.disk_of(root)),
            ("quiet?", f"{noise} during the run"),
        ]
        remarks = [("Method", METHOD), ("Remarks", bench.remarks + HONEST)]
        command = shlex.join(["Tests/Bench/bench.py"] + (["--quick"] if options.quick else []))
        with open(options.write, "w") as file:
            file.write(report.markdown(bench.rows, facts, remarks, command))


BEGIN = time.monotonic()
if __name__ == "__main__":
    main()
