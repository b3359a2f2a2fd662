"""Readers that ask for an endless stream and read none of it, on every transport of HTTP/1.1: what the server keeps for
them stays within its limit, and another connection's answers come as fast as before.

Rule: the readers' sockets are small, so that the limit is reached in the server and not in the operating system.
"""

import json
import statistics
import time

from memory import resident_kb
from witness import HANDSHAKE, ask, negotiate, open_hub
from wire import Peer, RECORD_END

READERS = 60
CALLS = 300
ROUNDS = 100
# The largest number of items that there is: without a limit it would be 150 GB for each reader.
STREAM = {"type": 4, "invocationId": "s", "target": "Counter", "arguments": [4_294_967_295]}
SLACK_KB = 4096
RECEIVE_BUFFER = 4096


def slow_readers_are_bounded(port, hub, call, pid, limit_kb):
    """A complaint, or None; and a line with the figures. Each reader may cost the server `limit_kb`."""
    other = open_hub(port, hub)
    before_kb, before_seconds = watch(other, call, pid)
    readers = [open_reader(port, hub) for open_reader in (websocket, events, polling) for _ in range(READERS)]
    during_kb, during_seconds = watch(other, call, pid)
    for peer in [*readers, other]:
        peer.socket.close()
    grown = during_kb - before_kb
    allowed = len(readers) * limit_kb + SLACK_KB
    figures = (
        f"{len(readers)} slow readers: {grown} kB of at most {allowed} kB; the median answer to another took "
        f"{during_seconds * 1e6:.0f} µs, before them {before_seconds * 1e6:.0f} µs"
    )
    # A machine that does other things too must not fail it; a server that serves the readers first takes far longer.
    is_slower = during_seconds > 10 * before_seconds + 0.001
    return figures if grown > allowed or is_slower else None, figures


def watch(peer, call, pid):
    """The largest memory and the median time of an answer, called until the memory has stopped to grow."""
    largest, times = 0, []
    for _ in range(ROUNDS):
        before = largest
        for _ in range(CALLS):
            started = time.perf_counter()
            ask(peer, call)
            times.append(time.perf_counter() - started)
            largest = max(largest, resident_kb(pid))
        if largest == before:
            break
    return largest, statistics.median(times)


def websocket(port, hub):
    peer = open_hub(port, hub, RECEIVE_BUFFER)
    peer.say(STREAM)
    return peer


def events(port, hub):
    path = negotiated_path(port, hub)
    peer = Peer(port, RECEIVE_BUFFER)
    peer.send(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n".encode())
    status, _ = peer.answer(has_body=False)
    if status != 200:
        raise ConnectionError(f"an event stream was answered {status}")
    ask_by_post(port, path)
    return peer


def polling(port, hub):
    path = negotiated_path(port, hub)
    peer = Peer(port)
    status, body = peer.request("GET", path)
    if (status, body) != (200, b""):
        raise ConnectionError(f"a first poll was answered {status} {body!r}")
    ask_by_post(port, path)
    return peer


def negotiated_path(port, hub):
    with Peer(port) as peer:
        return f"{hub}?id={negotiate(peer, hub)}"


def ask_by_post(port, path):
    with Peer(port) as peer:
        status, body = peer.request("POST", path, body=HANDSHAKE + json.dumps(STREAM).encode() + RECORD_END)
    if status != 200:
        raise ConnectionError(f"a POST was answered {status} {body!r}")
