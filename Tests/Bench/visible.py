"""How long after its answer an order can be read: POST /orders, then GET /orders/{id}.

One keep-alive connection and one thread. The time is from the last byte of the POST's answer to
the last byte of the GET's, so it holds the whole of the GET as well.
"""

import random
import re
import socket
import time

_ID = re.compile(rb'"id":"([0-9a-f-]{36})"')
_POSITION = re.compile(rb"\r\nBarback-Position: (\d+)\r\n", re.I)
_LENGTH = re.compile(rb"\r\nContent-Length: (\d+)\r\n", re.I)


def measure(bar, count, pause):
    """Milliseconds of `count` orders, sorted, with about `pause` seconds before each."""
    taken = []
    with socket.create_connection(("127.0.0.1", bar.port), 10) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = head_of(bar.port, bar.access.guest())
        body = f'{{"drink_id":"{bar.drink}","quantity":1}}'
        order = (f"POST /orders HTTP/1.1\r\n{host}Content-Type: application/json\r\n"
                 f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
        for _ in range(count):
            # Not in step with anything that happens at a fixed interval.
            time.sleep(pause * random.uniform(0.5, 1.5))
            head, answer = _ask(line, order, b"201")
            begin = time.perf_counter()
            order_id = _ID.search(answer).group(1).decode()
            position = _POSITION.search(head).group(1).decode()
            read = f"GET /orders/{order_id} HTTP/1.1\r\n{host}Barback-After: {position}\r\n\r\n"
            _ask(line, read.encode(), b"200")
            taken.append((time.perf_counter() - begin) * 1e3)
    return sorted(taken)


def head_of(port, headers):
    """The lines of a request that say where it goes and who sends it."""
    return f"Host: 127.0.0.1:{port}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())


def _ask(line, request, status):
    line.sendall(request)
    answer = b""
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(line)
    head, body = answer[:end + 2], answer[end + 4:]
    length = int(_LENGTH.search(head).group(1))
    while len(body) < length:
        body += _more(line)
    if head.split(b" ", 2)[1] != status:
        raise RuntimeError(f"{request.split()[:2]}: {head.decode()}{body.decode()}")
    return head, body


def _more(line):
    got = line.recv(65_536)
    if not got:
        raise RuntimeError("the front closed the connection")
    return got


def percentile(taken, percent):
    return taken[min(len(taken) - 1, len(taken) * percent // 100)]
