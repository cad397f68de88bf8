"""How long after an ingredient is out the menu shows its drinks as not to be had.

One keep-alive connection and one thread: PUT /admin/ingredients/{name}, then GET /drinks with
Barback-After, its whole body read. Two times: from the first byte of the PUT, and from the last
byte of its answer, to the last byte of the menu.
"""

import json
import re
import socket
import time

from visible import _ask, head_of

_POSITION = re.compile(rb"\r\nBarback-Position: (\d+)\r\n", re.I)
DRINKS = 400
BOTTLES = 40


def furnish(bar):
    """Drinks up to 400; each of the first 40 bottles stands in thirty of the new ones."""
    section = bar.post("/admin/sections", {"name": "More", "display_order": 2})
    for number in range(DRINKS - 100):
        bar.post("/admin/drinks", {
            "section_id": section["id"], "name": f"Drink {number}", "glass": "coupe",
            "description": "Cold, short and quick.", "display_order": number, "abv": 20,
            "ingredients": [{"name": f"Bottle {(number + step * 7) % BOTTLES}", "amount": 30, "unit": "ml"}
                            for step in range(4)]})


def measure(bar, count, pause):
    """(milliseconds from the tap, from its answer) of `count` changes, each list sorted."""
    whole, after = [], []
    with socket.create_connection(("127.0.0.1", bar.port), 10) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = head_of(bar.port, bar.access.host())
        for number in range(count):
            time.sleep(pause)
            bottle, is_in = number // 2 % BOTTLES, number % 2 == 1
            body = json.dumps({"in_stock": is_in})
            tap = (f"PUT /admin/ingredients/Bottle%20{bottle} HTTP/1.1\r\n{host}"
                   f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()
            begin = time.perf_counter()
            head, _ = _ask(line, tap, b"200")
            answered = time.perf_counter()
            position = _POSITION.search(head).group(1).decode()
            _, menu = _ask(
                line, f"GET /drinks HTTP/1.1\r\n{host}Barback-After: {position}\r\n\r\n".encode(), b"200")
            end = time.perf_counter()
            gone = menu.count(f'"missing":["Bottle {bottle}"]'.encode())
            if (gone == 0) != is_in:
                raise RuntimeError(f"Bottle {bottle} is {'in' if is_in else 'out'}, and {gone} drinks miss it")
            whole.append((end - begin) * 1e3)
            after.append((end - answered) * 1e3)
    return sorted(whole), sorted(after)
