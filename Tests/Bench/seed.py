#!/usr/bin/env python3
"""Writes a log of as many events as wanted, a million in half a minute, as the commands process would have.

    Tests/Bench/seed.py DIRECTORY [--events 1000000] [--seed 1] [--binary .build/release/barback]

It begins with the log that `barback commands --demo` makes: 50 drinks in 8 sections, written as they
are and once more under other names. Then evenings follow: guests come in, whose sessions end with the evening, orders are
placed and moved, ingredients run out and come back, ordering is paused and resumed. Names and notes are sealed under each
guest's key. Leaves, tree, head and the writer's tables are as the writer keeps them; `barback verify` says so. The last evening ends now; there is no signed checkpoint until the
commands process has started once.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import sqlite3
import struct
import sys
import time

import machine
from sealing import seal

EVENING = 6 * 3_600 * 1_000_000
DAY = 24 * 3_600 * 1_000_000
EVENTS_AN_EVENING = 4_000
GUESTS = 64


class Log:
    """Rows of `event` in the order of their positions, with leaf and frontier."""

    def __init__(self, rnd, began):
        self.random, self.now = rnd, began
        self.position = 0
        self.frontier = []
        self.versions = {}
        self.last_id = 0

    def id(self):
        """A UUIDv7 that is later than the last one: the millisecond, a counter, chance."""
        least = (self.now // 1_000) << 80 | 0x7 << 76
        high = max(least >> 64, (self.last_id >> 64) + 1)
        if high & 0xF000 != 0x7000:  # The counter ran over into the version.
            high = ((high >> 16) + 1) << 16 | 0x7000
        self.last_id = high << 64
        return (high << 64 | 1 << 63 | self.random.getrandbits(62)).to_bytes(16, "big")

    def row(self, stream, kind, data, actor, wait, schema=1, key_id=None):
        self.position += 1
        self.now += wait
        version = self.versions[stream] = self.versions.get(stream, 0) + 1
        event_id = self.id()
        command = self.random.randbytes(16)
        text = data if isinstance(data, bytes) else json.dumps(
            data, ensure_ascii=False, separators=(",", ":")).encode()
        leaf = hashlib.sha256(b"".join((
            b"\0", _integer(self.position), _bytes(2, stream.encode()), _integer(version),
            _bytes(3, event_id), _bytes(2, kind.encode()), _integer(schema), _integer(self.now),
            _bytes(2, actor.encode()), _bytes(3, command), _bytes(3, command), NULL,
            _bytes(3, key_id) if key_id else NULL,
            _bytes(2, text)))).digest()
        node = leaf
        size = self.position - 1
        while size & 1:
            node = hashlib.sha256(b"\1" + self.frontier.pop() + node).digest()
            size >>= 1
        self.frontier.append(node)
        return (self.position, stream, version, event_id, kind, schema, self.now, actor, command,
                command, None, key_id, text.decode(), leaf)


NULL = b"\0" + bytes(4)


def _integer(value):
    return b"\1\0\0\0\x08" + struct.pack(">q", value)


def _bytes(kind, value):
    return struct.pack(">BI", kind, len(value)) + value


def uuid_text(raw):
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _key_id(guest):
    return bytes.fromhex(guest.replace("-", ""))


def _time(microseconds):
    seconds, rest = divmod(microseconds, 1_000_000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest // 1_000:03d}Z"


class Evenings:
    """What happens at a bar, event by event."""

    MOVES = {"pending": "in_progress", "in_progress": "ready", "ready": "completed"}

    def __init__(self, log, drinks, shelf, code):
        self.log, self.random = log, log.random
        self.drinks, self.shelf, self.code = drinks, shelf, code
        # By place in the room: id and key of who stands there this evening.
        self.guests = {}
        self.people = []
        self.under_way = []
        self.active = {}
        self.ticket, self.day = 0, 0
        self.out, self.is_paused = [], False

    def rows(self, count):
        log, rnd = self.log, self.random
        begin = log.now
        for number in range(count):
            evening, place = divmod(number, EVENTS_AN_EVENING)
            if place == 0:
                self.guests = {}
                self.closing = begin + evening * DAY + EVENING
            due = begin + evening * DAY + place * EVENING // EVENTS_AN_EVENING
            wait = max(1, due - log.now + rnd.randrange(1_000_000))
            left = count - number
            # All that is out or paused has come back by the end.
            if self.is_paused and (left < 50 or rnd.random() < 0.1):
                yield self._pause(False, wait)
            elif self.out and (left < 50 or rnd.random() < 0.02):
                yield self._restock(wait)
            elif left >= 50 and rnd.random() < 0.003:
                yield self._run_out(wait)
            elif left >= 50 and not self.is_paused and rnd.random() < 0.0003:
                yield self._pause(True, wait)
            elif self.is_paused and not self.under_way or not self.is_paused and (
                    len(self.under_way) < 8 or rnd.random() < 0.28 and len(self.under_way) < 40):
                yield self._place(wait)
            else:
                yield self._move(wait)

    def _place(self, wait):
        log, rnd = self.log, self.random
        room = rnd.randrange(GUESTS)
        if room not in self.guests:
            return self._come_in(room, wait)
        guest, key = self.guests[room]
        day = ((log.now + wait) // 1_000_000 - 6 * 3_600) // 86_400
        self.ticket = self.ticket + 1 if day == self.day else 1
        self.day = day
        drink, name = rnd.choice(self.drinks)
        order = uuid_text(log.id())
        self.under_way.append([order, "pending", guest])
        self.active[guest] = self.active.get(guest, 0) + 1
        note = rnd.choice(("", "", "", "no ice, please", "for the table by the window"))
        data = {"order_id": order, "ticket": self.ticket, "guest_id": guest,
                "drink": {"id": drink, "version": 1, "name": name}, "quantity": rnd.choice((1, 1, 1, 2))}
        stream = f"order-{order}"
        if note:
            data["sealed"] = seal({"note": note}, key, stream)
        return log.row(stream, "OrderPlaced", data, f"guest:{guest}", wait, 2, _key_id(guest) if note else None)

    def _come_in(self, room, wait):
        log = self.log
        guest, key = uuid_text(log.id()), log.random.randbytes(32)
        self.guests[room] = (guest, key)
        self.people.append((_key_id(guest), key))
        stream = f"guest-{guest}"
        data = {"guest_id": guest, "code_id": self.code, "session_id": uuid_text(log.id()),
                "expires_at": _time(self.closing), "sealed": seal({"username": f"Guest {room}"}, key, stream)}
        return log.row(stream, "GuestRegistered", data, f"guest:{guest}", wait, 1, _key_id(guest))

    def _move(self, wait):
        # The oldest are served first, more or less.
        place = min(int(self.random.expovariate(0.3)), len(self.under_way) - 1)
        order, status, guest = self.under_way[place]
        leaves = status == "pending" and self.random.random() < 0.03
        to = self.random.choice(("cancelled", "rejected")) if leaves else self.MOVES[status]
        data = {"order_id": order, "from": status, "to": to}
        if to == "rejected":
            data["reason"] = "We have run out of ice."
        if to in ("ready", "cancelled", "rejected"):
            self.active[guest] -= 1
        if to in ("completed", "cancelled", "rejected"):
            self.under_way.pop(place)
        else:
            self.under_way[place][1] = to
        actor = f"guest:{guest}" if to == "cancelled" else "staff:host"
        return self.log.row(f"order-{order}", "OrderStatusChanged", data, actor, wait)

    def _run_out(self, wait):
        name = self.random.choice([name for name in self.shelf if name not in self.out])
        self.out.append(name)
        return self._ingredient("IngredientRanOut", name, wait)

    def _restock(self, wait):
        return self._ingredient("IngredientRestocked", self.out.pop(0), wait)

    def _ingredient(self, kind, name, wait):
        return self.log.row(
            f"ingredient-{name.lower()}", kind, {"ingredient": name}, "staff:host", wait)

    def _pause(self, is_paused, wait):
        self.is_paused = is_paused
        kind = "OrderingPaused" if is_paused else "OrderingResumed"
        data = {"message": "Back in five minutes."} if is_paused else {}
        return self.log.row("bar", kind, data, "staff:host", wait)


def menu_twice(rows):
    """The menu as it was written, and each drink once more with another id and name."""
    for stream, kind, data, actor in rows:
        yield stream, kind, data.encode(), actor
    for number, (stream, kind, data, actor) in enumerate(rows):
        if kind == "DrinkCreated":
            drink = json.loads(data)
            # Version and variant stay; the low digits are another's.
            drink["drink_id"] = f"{drink['drink_id'][:-6]}{number:06x}"
            drink["name"] += " No. 2"
            yield f"drink-{drink['drink_id']}", kind, drink, actor


def write(path, events, seed):
    log_file = sqlite3.connect(path, isolation_level=None)
    log_file.execute("PRAGMA synchronous = OFF")
    log_file.execute("PRAGMA cache_size = -200000")
    base = log_file.execute("SELECT stream, type, data, actor FROM event ORDER BY position").fetchall()
    evenings = (events + EVENTS_AN_EVENING - 1) // EVENTS_AN_EVENING
    end = time.time_ns() // 1_000
    log = Log(random.Random(seed), end - (evenings - 1) * DAY - EVENING - 60_000_000)
    triggers = log_file.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    log_file.execute("BEGIN")
    # The menu is written anew with times before the first evening.
    for name, _ in triggers:
        log_file.execute(f"DROP TRIGGER {name}")
    for table in ("event", "checkpoint", "command"):
        log_file.execute(f"DELETE FROM {table}")
    insert = f"INSERT INTO event VALUES ({','.join('?' * 14)})"
    menu = [log.row(stream, kind, data, actor, 100_000) for stream, kind, data, actor in menu_twice(base)]
    log_file.executemany(insert, menu)
    drinks = [json.loads(row[12]) for row in menu if row[4] == "DrinkCreated"]
    shelf = sorted({line["name"] for drink in drinks for line in drink["ingredients"]
                    if line["name"].isascii()})
    code = next(json.loads(row[12])["code_id"] for row in menu if row[4] == "RegistrationCodeIssued")
    bar = Evenings(log, [(drink["drink_id"], drink["name"]) for drink in drinks], shelf, code)
    log_file.executemany(insert, bar.rows(events - log.position))
    log_file.execute("UPDATE head SET position = ?, frontier = ?", (log.position, b"".join(log.frontier)))
    log_file.execute("UPDATE state_tickets SET day = ?, last = ?", (bar.day, bar.ticket))
    log_file.executemany(
        "INSERT INTO state_active_orders VALUES (?, ?)", [row for row in bar.active.items() if row[1]])
    for _, sql in triggers:
        log_file.execute(sql)
    log_file.execute("COMMIT")
    log_file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    log_file.close()
    people = sqlite3.connect(f"{os.path.dirname(path)}/secrets/people.db", isolation_level=None)
    people.execute("BEGIN")
    people.executemany("INSERT INTO person VALUES (?, ?)", bar.people)
    people.execute("COMMIT")
    people.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    people.close()


def seed(binary, data, events, number=1):
    """Makes the data directory, or leaves one that was made before as it is; nobody may be at work in it."""
    if os.path.exists(f"{data}/seeded"):
        return
    shutil.rmtree(data, ignore_errors=True)
    os.makedirs(data)
    reading, writing = os.pipe()
    commands = machine.spawn(
        [binary, "commands", "--demo", "--data", data], f"{data}/commands.log",
        {"BARBACK_READY_FD": str(writing)}, (writing,))
    os.close(writing)
    is_ready = os.read(reading, 100) == b"ready\n"
    os.close(reading)
    machine.stop(commands)
    if not is_ready:
        with open(f"{data}/commands.log") as file:
            raise RuntimeError(f"barback commands did not start: {file.read()}")
    write(f"{data}/log.db", events, number)
    open(f"{data}/seeded", "w").close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", metavar="DIRECTORY")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--binary", default=".build/release/barback")
    options = parser.parse_args()
    if os.path.exists(options.data):
        sys.exit(f"{options.data} is there already; name a directory that is not")
    seed(os.path.abspath(options.binary), options.data, options.events, options.seed)


if __name__ == "__main__":
    main()
