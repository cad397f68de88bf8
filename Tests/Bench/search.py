"""The search among 100,000 drinks, beside PostgreSQL, and what the front holds in memory then."""

import json
import random
import re
import socket
import time
import urllib.parse
from dataclasses import dataclass, field

import machine
import menu
from bar import Bar
from postgres import Postgres
from visible import percentile

KINDS = ("1 ingredient", "2 ingredients", "3 ingredients", "3 ingredients, 1 excluded", "a prefix")


@dataclass
class Question:
    having: list = field(default_factory=list)
    lacking: list = field(default_factory=list)
    prefix: str = ""

    @property
    def path(self):
        items = [("with", name) for name in self.having] + [("without", name) for name in self.lacking]
        if self.prefix:
            items.append(("q", self.prefix))
        return "/drinks?" + urllib.parse.urlencode([*items, ("limit", 20)])


def questions(drinks, kind, count, rnd):
    """Every second one asks for ingredients that stand in one drink, the others for any: rarely together."""
    def names():
        return [line["name"] for line in rnd.choice(drinks)["ingredients"]]

    for number in range(count):
        if kind == "a prefix":
            word = rnd.choice(re.findall(r"\w+", rnd.choice(names()).lower()))
            yield Question(prefix=word[:rnd.randrange(2, 7)])
            continue
        size = int(kind[0])
        together = rnd.sample(names(), size)
        having = together if number % 2 else list(dict.fromkeys(rnd.choice(names()) for _ in range(size)))
        yield Question(having, [rnd.choice(names())] if "excluded" in kind else [])


class Client:
    """One connection that stays open."""

    def __init__(self, bar):
        self.key = bar.access.key
        self.socket = socket.create_connection(("127.0.0.1", bar.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path):
        """Head, body, and milliseconds from the request sent to the last byte read."""
        began = time.perf_counter_ns()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {self.key}\r\n\r\n".encode())
        head, body = b"", b""
        while b"\r\n\r\n" not in head:
            part = self.socket.recv(1 << 18)
            if not part:
                raise RuntimeError(f"the front ended the connection at {path}")
            head += part
        head, _, body = head.partition(b"\r\n\r\n")
        length = int(re.search(rb"Content-Length: (\d+)", head).group(1))
        while len(body) < length:
            body += self.socket.recv(1 << 18)
        took = (time.perf_counter_ns() - began) / 1e6
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{path}: {head.decode()} {body.decode()}")
        return head.decode(), body, took

    def ask(self, question):
        """The answer, milliseconds outside and, as Server-Timing says, inside the front."""
        head, body, took = self.get(question.path)
        return body, took, float(re.search(r"search;dur=([\d.e-]+)", head).group(1))


def measure(bench):
    count = 20_000 if bench.quick else 100_000
    data = f"{bench.cache}/menu-{count}"
    bench.say(f"a menu of {count:,} drinks")
    drinks = menu.make(bench.binary, data, count)
    bar = Bar(bench.binary, data)
    bar.drink = drinks[0]["drink_id"]
    bar.start()
    postgres = Postgres().start()
    try:
        client = Client(bar)
        bench.say("the same drinks for PostgreSQL")
        postgres.fill(drinks, *_whole_menu(client))
        for kind in KINDS:
            bench.say(f"search: {kind}")
            _compare(bench, kind, client, postgres, drinks, count)
    finally:
        postgres.stop()
    for _ in range(20):
        client.get("/drinks")
    _memory(bench, bar, f"{count:,} drinks, after the searches and twenty whole menus", 120)
    bar.stop()
    few = Bar(bench.binary, f"{bench.root}/few")
    drinks = menu.make(bench.binary, few.data, 400)
    few.drink = drinks[0]["drink_id"]
    few.start()
    rnd = random.Random(2)
    # Each connection goes to one of the front's two threads by chance.
    for _ in range(10):
        client = Client(few)
        for question in questions(drinks, "2 ingredients", 100, rnd):
            client.ask(question)
        for _ in range(20):
            client.get("/drinks")
    _memory(bench, few, "400 drinks, after the searches and two hundred whole menus", 40)
    few.stop()


def _whole_menu(client):
    """Each section's place, and each drink's document as the bar sends it."""
    sections = {section["id"]: section["display_order"]
                for section in json.loads(client.get("/sections")[1])["data"]}
    documents, cursor = {}, ""
    while cursor is not None:
        page = json.loads(client.get(f"/drinks?limit=1000{cursor}")[1])
        for drink in page["data"]:
            documents[drink["id"]] = json.dumps(drink, ensure_ascii=False, separators=(",", ":"))
        following = page["metadata"]["next_cursor"]
        cursor = f"&cursor={following}" if following else None
    return sections, documents


def _compare(bench, kind, client, postgres, drinks, count):
    asked = list(questions(drinks, kind, 400 if bench.quick else 2_000, random.Random(1)))
    for question in asked[:200]:
        client.ask(question)
        postgres.ask(question)
        postgres.inside(question)
    inside, outside, theirs, theirs_inside, found = [], [], [], [], 0
    # By turns of a hundred, so that neither finds the processor's caches full of the other's data each time.
    for start in range(0, len(asked), 100):
        turn = asked[start:start + 100]
        answers = []
        for question in turn:
            body, took, within = client.ask(question)
            outside.append(took)
            inside.append(within)
            answers.append(body)
        rows = []
        for question in turn:
            found_rows, took = postgres.ask(question)
            theirs.append(took)
            rows.append(found_rows)
        theirs_inside += [postgres.inside(question) for question in turn]
        for question, body, found_rows in zip(turn, answers, rows):
            ours = [drink["id"] for drink in json.loads(body)["data"]]
            if ours != [json.loads(row)["id"] for row in found_rows]:
                raise RuntimeError(f"{question}: the bar and PostgreSQL do not find the same")
            found += len(ours)
    for figures in (inside, outside, theirs, theirs_inside):
        figures.sort()
    p50, p99 = percentile(inside, 50), percentile(inside, 99)
    bench.row(f"search among {count:,} drinks: {kind} ({found / len(asked):.1f} found), inside the front, p50, p99",
              f"{p50:.3f}, {p99:.3f} ms",
              f"PostgreSQL, inside: {percentile(theirs_inside, 50):.3f}, {percentile(theirs_inside, 99):.3f} ms",
              f"{percentile(theirs_inside, 50) / p50:.1f}", "p99 under 1 ms, p50 at least 3 times better",
              p99 < 1 and percentile(theirs_inside, 50) / p50 >= 3)
    out50 = percentile(outside, 50)
    bench.row("from the question sent to the last byte read", f"{out50:.3f}, {percentile(outside, 99):.3f} ms",
              f"PostgreSQL, to the last row: {percentile(theirs, 50):.3f}, {percentile(theirs, 99):.3f} ms",
              f"{percentile(theirs, 50) / out50:.1f}")


def _memory(bench, bar, what, limit):
    private, shared = machine.resident(bar.pid("front"))
    bench.row(f"memory of the front: {what}", f"{private + shared:.1f} MB",
              f"private {private:.1f}, shared {shared:.1f}", "", f"under {limit} MB", private + shared < limit)
