"""A well-behaved connection that keeps calling while others misbehave, and must not notice them.

Rule: each call's answer has to equal the first one's and come within the limit.
"""

import json
import threading
import time

from wire import Peer

HANDSHAKE = b'{"protocol":"json","version":1}\x1e'
ANSWER_LIMIT_SECONDS = 5


class Witness:
    def __init__(self, port, hub, call):
        self._peer = open_hub(port, hub)
        self._call = call
        self._expected = self._ask()
        self._over = threading.Event()
        self.calls = 0
        self.slowest = 0.0
        self.complaint = None
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self):
        """Stops calling; what it noticed is in `complaint`."""
        self._over.set()
        self._thread.join(ANSWER_LIMIT_SECONDS * 2)
        self._peer.socket.close()

    def _watch(self):
        try:
            while not self._over.wait(0.02):
                started = time.monotonic()
                answer = self._ask()
                self.slowest = max(self.slowest, time.monotonic() - started)
                self.calls += 1
                if answer != self._expected:
                    self.complaint = f"call {self.calls} was answered {answer}"
                    return
            if self.slowest > ANSWER_LIMIT_SECONDS:
                self.complaint = f"an answer took {self.slowest:.1f} s"
        except Exception as error:
            self.complaint = f"after {self.calls} calls: {type(error).__name__}: {error}"

    def _ask(self):
        return ask(self._peer, self._call)


def ask(peer, call):
    """Calls a method with a text, and gives the completion."""
    peer.say({"type": 1, "invocationId": "w", "target": call, "arguments": ["witness"]})
    while True:
        _, payload = peer.hear()
        for text in payload.decode().split("\x1e"):
            if text and json.loads(text)["type"] == 3:
                return text


def negotiate(peer, hub):
    """The token of a new connection."""
    status, body = peer.request("POST", f"{hub}/negotiate?negotiateVersion=1")
    if status != 200:
        raise ConnectionError(f"a negotiation was answered {status} {body!r}")
    return json.loads(body)["connectionToken"]


def open_hub(port, hub, receive_buffer=None):
    """A WebSocket without negotiation whose hub handshake is done."""
    peer = Peer(port, receive_buffer)
    status, body = peer.upgrade(hub)
    if status != 101:
        raise ConnectionError(f"the upgrade was answered {status} {body!r}")
    peer.frame(HANDSHAKE)
    _, answer = peer.hear()
    if answer != b"{}\x1e":
        raise ConnectionError(f"the handshake was answered {answer!r}")
    return peer
