"""`signalrcore` as the cases see a client.

Its errors come to one callback, which finds the call by its id.
"""

import threading
from concurrent.futures import Future
from uuid import uuid4

from inbox import LIMIT_SECONDS, CallFailed, Inbox
from signalrcore.hub_connection_builder import HubConnectionBuilder

RECONNECT = {"type": "raw", "keep_alive_interval": 10, "reconnect_interval": 1, "max_attempts": 5}


class SignalRCore:
    name = "signalrcore"
    # `invoke` always asks for an answer, and after one failed attempt to reconnect it makes no second one.
    lacks = {"send", "reconnect"}

    def __init__(self, url, reconnects=False, negotiates=True):
        self.inbox = Inbox()
        self.opened = threading.Semaphore(0)
        self._closed = threading.Event()
        self._calls = {}
        builder = HubConnectionBuilder().with_url(url, options={"skip_negotiation": not negotiates})
        if reconnects:
            builder = builder.with_automatic_reconnect(RECONNECT)
        self._connection = builder.build()
        self._connection.on("receive", lambda arguments: self.inbox.take(*arguments))
        self._connection.on_open(self.opened.release)
        self._connection.on_reconnect(self.opened.release)
        self._connection.on_close(self._closed.set)
        self._connection.on_error(self._on_error)
        self.start()

    def start(self):
        self._connection.start()
        self.await_open()

    def await_open(self):
        """Returns after the next time that the connection opens."""
        if not self.opened.acquire(timeout=LIMIT_SECONDS):
            raise TimeoutError("the connection did not open")

    def await_close(self):
        if not self._closed.wait(LIMIT_SECONDS):
            raise TimeoutError("the connection did not close")

    def invoke(self, method, *arguments):
        return self.begin(method, *arguments).result(LIMIT_SECONDS)

    def begin(self, method, *arguments):
        """Calls the method; the future holds its answer."""
        call, answer = str(uuid4()), Future()
        self._calls[call] = answer
        self._connection.invoke(method, list(arguments), lambda message: answer.set_result(message.result), call)
        return answer

    def stop(self):
        # It waits for its reading thread, which sees the end only with the server's next message, up to 15 s later.
        threading.Thread(target=self._connection.stop, daemon=True).start()

    def _on_error(self, message):
        self._calls[message.invocation_id].set_exception(CallFailed(message.error))
