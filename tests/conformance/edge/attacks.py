"""Bad input at the edge of a hub: each attack gets the stock answer, and a witness on another connection never notices.

usage: python3 attacks.py --port P [--pid PID] [--tls-port P] [--hub /bench] [--call Echo] [--limit BYTES]
                          [--disconnect SECONDS] [--handshake SECONDS] [--patience SECONDS] [--kept KB]
                          [--skip NAME,NAME]

Needs Python alone. --pid is the server's process, for the memory checks. --limit is its largest hub message, --kept
what it may hold for a client that reads nothing: by default 64 kB that wait for it and as much for the connection.
--disconnect, --handshake: its time limits, 15 s by default. --patience: the longest that it bears a silent TCP peer.
The bytes are in wire.py, the witness in witness.py, the memory checks in memory.py and slow_readers.py.
"""

import contextlib
import argparse
import socket
import struct
import sys
import threading
from collections import Counter

import memory
import slow_readers
from silence import silent_peers
from wire import TEXT, Peer, frame, upgrade_request
from witness import HANDSHAKE, Witness, open_hub

UNKNOWN = b"No Connection with that ID"
CLOSED_WITH_ERROR = ['{"type":7,"error":"Connection closed with an error.","allowReconnect":true}', "close 1000"]
HANDSHAKE_FAILED = ['{"error":"An unexpected error occurred during connection handshake."}', "close 1000"]
HANDSHAKE_CANCELED = ['{"error":"Handshake was canceled."}', "close 1000"]


def unknown_ids(given):
    event_stream = ["Accept: text/event-stream"]
    for method, headers in [("GET", ()), ("GET", event_stream), ("POST", ()), ("DELETE", ())]:
        with Peer(given.port) as peer:
            same(peer.request(method, f"{given.hub}?id=unknown", headers), (404, UNKNOWN))
    with Peer(given.port) as peer:
        same(peer.upgrade(f"{given.hub}?id=unknown"), (404, UNKNOWN))


def no_id(given):
    for method in ["GET", "POST", "DELETE"]:
        with Peer(given.port) as peer:
            same(peer.request(method, given.hub), (400, b"Connection ID required"))


def wrong_methods(given):
    for method in ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]:
        with Peer(given.port) as peer:
            same(peer.request(method, f"{given.hub}/negotiate"), (405, b""))
    for method in ["PUT", "PATCH", "OPTIONS", "HEAD"]:
        with Peer(given.port) as peer:
            same(peer.request(method, given.hub), (405, b""))


def torn_requests(given):
    whole = upgrade_request(given.hub)
    for length in range(1, len(whole), 7):
        for ending in (finish, reset):
            peer = Peer(given.port)
            peer.send(whole[:length])
            ending(peer)


def torn_handshakes(given):
    whole = frame(HANDSHAKE)
    for length in range(1, len(whole)):
        for ending in (finish, reset):
            peer = Peer(given.port)
            same(peer.upgrade(given.hub), (101, b""))
            peer.send(whole[:length])
            ending(peer)


def bad_handshakes(given):
    for text in [b"\x1e", b"{\x1e", b"[]\x1e", b"garbage\x1e", b'{"version":1}\x1e', b'{"type":6}\x1e']:
        with Peer(given.port) as peer:
            peer.upgrade(given.hub)
            peer.frame(text)
            same(peer.hear_all(), HANDSHAKE_FAILED)


def handshake_that_never_ends(given):
    with Peer(given.port) as peer:
        peer.upgrade(given.hub)
        peer.frame(b'{"protocol":"json"')
        peer.socket.settimeout(given.handshake * 2 + 5)
        same(peer.hear_all(), HANDSHAKE_CANCELED)


def handshake_over_the_limit(given):
    with Peer(given.port) as peer:
        peer.upgrade(given.hub)
        send_in_spite(peer, frame(b" " * (given.limit + 1024)))
        same(peer.hear_all(), HANDSHAKE_CANCELED)


def message_over_the_limit(given):
    with open_hub(given.port, given.hub) as peer:
        send_in_spite(peer, frame(call_of(given.call, given.limit + 1)))
        same(peer.hear_all(), CLOSED_WITH_ERROR)


def endless_message(given):
    with open_hub(given.port, given.hub) as peer:
        for _ in range(given.limit // 4096 + 2):
            send_in_spite(peer, frame(b"x" * 4096))
        same(peer.hear_all(), CLOSED_WITH_ERROR)


def frame_that_claims_too_much(given):
    with open_hub(given.port, given.hub) as peer:
        peer.send(bytes([0x80 | TEXT, 0x80 | 127]) + struct.pack(">Q", 1 << 62) + bytes(4))
        send_in_spite(peer, b"x" * (given.limit + 65536))
        same(peer.is_ended(30), True)


def message_at_the_limit(given):
    with open_hub(given.port, given.hub) as peer:
        peer.frame(call_of(given.call, given.limit))
        opcode, answer = peer.hear()
        same((opcode, answer[:28]), (TEXT, b'{"type":3,"invocationId":"1"'))


def invalid_utf8(given):
    with open_hub(given.port, given.hub) as peer:
        peer.frame(b'{"type":1,"invocationId":"1","target":"Echo","arguments":["\xff"]}\x1e')
        same(peer.hear_all(), ["close 1007"])


def unmasked_frame(given):
    with open_hub(given.port, given.hub) as peer:
        peer.frame(b'{"type":6}\x1e', masked=False)
        same(peer.hear_all(), ["close 1002"])


def not_a_hub_message(given):
    for text in [b"garbage\x1e", b"{}\x1e", b"[1]\x1e", b"[" * 200 + b"\x1e"]:
        with open_hub(given.port, given.hub) as peer:
            peer.frame(text)
            same(peer.hear_all(), CLOSED_WITH_ERROR)


def not_http(given):
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    for raw in [b"\x00" * 64, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\xff" * 70_000, preface + b"\xff" * 64]:
        with Peer(given.port) as peer:
            send_in_spite(peer, raw)
            with contextlib.suppress(OSError):  # the server may have reset it
                peer.socket.shutdown(socket.SHUT_WR)
            same(peer.is_ended(30), True)


ATTACKS = {
    "unknown-id": unknown_ids,
    "no-id": no_id,
    "wrong-method": wrong_methods,
    "torn-request": torn_requests,
    "torn-handshake": torn_handshakes,
    "bad-handshake": bad_handshakes,
    "endless-handshake": handshake_that_never_ends,
    "large-handshake": handshake_over_the_limit,
    "large-message": message_over_the_limit,
    "endless-message": endless_message,
    "claimed-length": frame_that_claims_too_much,
    "message-at-limit": message_at_the_limit,
    "invalid-utf8": invalid_utf8,
    "unmasked-frame": unmasked_frame,
    "not-a-hub-message": not_a_hub_message,
    "not-http": not_http,
}
# These wait for a time limit of the server, so they run beside one another and beside the memory check.
SLOW = {"endless-handshake"}


class Tally:
    def __init__(self, skip):
        self.skip = skip
        self.counts = Counter()
        self._lock = threading.Lock()

    def run(self, name, attack, *arguments):
        if name in self.skip:
            self.counts["skipped"] += 1
            print(f"skipped: {name}", flush=True)
            return
        try:
            attack(*arguments)
            self.note(name, None)
        except Exception as error:
            self.note(name, f"{type(error).__name__}: {error}")

    def note(self, name, complaint):
        with self._lock:
            self.counts["failed" if complaint else "passed"] += 1
            if complaint:
                print(f"failed: {name}: {complaint}", flush=True)

    def end(self):
        skipped = f", {self.counts['skipped']} skipped" if self.counts["skipped"] else ""
        print(f"{self.counts['passed']} passed, {self.counts['failed']} failed{skipped}")
        return 1 if self.counts["failed"] else 0


def main():
    given = options()
    tally = Tally(given.skip)
    witness = Witness(given.port, given.hub, given.call)
    for name in [name for name in ATTACKS if name not in SLOW]:
        tally.run(name, ATTACKS[name], given)
    tally.run("slow-readers", bounded_readers, given)
    waiting = [threading.Thread(target=tally.run, args=(name, ATTACKS[name], given)) for name in SLOW]
    for name, attack in silent_peers(given.port, given.tls_port).items():
        waiting.append(threading.Thread(target=tally.run, args=(name, attack, given.patience)))
    for thread in waiting:
        thread.start()
    tally.run("forgotten-negotiations", forgotten_negotiations, given)
    for thread in waiting:
        thread.join()
    tally.run("still-serving", lambda: open_hub(given.port, given.hub).socket.close())
    witness.end()
    tally.note("witness", witness.complaint)
    print(f"the witness called {witness.calls} times, its slowest answer took {witness.slowest * 1000:.0f} ms")
    return tally.end()


def options():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--pid", type=int)
    reader.add_argument("--tls-port", type=int)
    reader.add_argument("--hub", default="/bench")
    reader.add_argument("--call", default="Echo")
    reader.add_argument("--limit", type=int, default=32 * 1024)
    reader.add_argument("--disconnect", type=float, default=15)
    reader.add_argument("--handshake", type=float, default=15)
    reader.add_argument("--patience", type=float, default=30)
    reader.add_argument("--kept", type=int, default=128)
    reader.add_argument("--skip", default="")
    given = reader.parse_args()
    given.skip = set(given.skip.split(",")) - {""}
    if given.pid is None:
        given.skip |= {"forgotten-negotiations", "slow-readers"}
    return given


def forgotten_negotiations(given):
    complaint, figures = memory.negotiations_are_forgotten(given.port, given.hub, given.pid, given.disconnect)
    print(figures, flush=True)
    same(complaint, None)


def bounded_readers(given):
    complaint, figures = slow_readers.slow_readers_are_bounded(given.port, given.hub, given.call, given.pid, given.kept)
    print(figures, flush=True)
    same(complaint, None)


def call_of(method, size):
    """A call whose message has `size` bytes, its end included."""
    head = b'{"type":1,"invocationId":"1","target":"' + method.encode() + b'","arguments":["'
    tail = b'"]}\x1e'
    return head + b"x" * (size - len(head) - len(tail)) + tail


def finish(peer):
    peer.socket.close()


def reset(peer):
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.socket.close()


def send_in_spite(peer, raw):
    """Sends what the server may refuse to read to its end."""
    try:
        peer.send(raw)
    except (BrokenPipeError, ConnectionResetError):
        return


def same(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"


if __name__ == "__main__":
    sys.exit(main())
