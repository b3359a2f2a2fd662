"""`signalrcore` as the cases see a client.

Its errors come to one callback, which finds the call by its id.
"""

import threading
from concurrent.futures import Future
from contextlib import contextmanager
from uuid import uuid4

from inbox import LIMIT_SECONDS, CallFailed, Inbox
from signalrcore.hub_connection_builder import HubConnectionBuilder
from signalrcore.subject import Subject
from signalrcore.types import HttpTransportType, HubProtocolEncoding

ENCODINGS = {"json": HubProtocolEncoding.text, "messagepack": HubProtocolEncoding.binary}

RECONNECT = {"type": "raw", "keep_alive_interval": 10, "reconnect_interval": 1, "max_attempts": 5}


class SignalRCore:
    name = "signalrcore"
    # `invoke` always asks for an answer, after one failed attempt to reconnect it makes no second one, what the server
    # asks is never answered, and nobody is told what an upload was answered.
    lacks = {"send", "reconnect", "client-result"}

    def __init__(self, url, transport, protocol, reconnects=False, negotiates=True):
        self.inbox = Inbox()
        self.opened = threading.Semaphore(0)
        self._closed = threading.Event()
        self._calls = {}
        options = {"skip_negotiation": not negotiates, "transport": HttpTransportType(transport)}
        builder = HubConnectionBuilder().with_url(url, options=options).with_hub_protocol(ENCODINGS[protocol])
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

    def stream(self, method, *arguments):
        """The items of a stream; raises `CallFailed` when it ends with an error."""
        items, ended = [], Future()
        with self._nothing_read():
            handler = self._connection.stream(method, list(arguments))
            self._calls[handler.invocation_id] = ended
            handler.subscribe({"next": items.append, "complete": lambda _: ended.set_result(items), "error": ended.set_exception})
        return ended.result(LIMIT_SECONDS)

    def upload(self, method, items):
        """Calls the method with a stream of the items, and does not wait for what it makes of them."""
        subject = Subject()
        self._connection.send(method, subject)
        for item in items:
            subject.next(item)
        subject.complete()

    def stop(self):
        # It waits for its reading thread, which sees the end only with the server's next message, up to 15 s later.
        threading.Thread(target=self._connection.stop, daemon=True).start()

    @contextmanager
    def _nothing_read(self):
        """Holds the client's reading thread, because its `stream` sends the call before one can listen to the stream."""
        is_held, may_read = threading.Event(), threading.Event()

        def hold(_answer):
            is_held.set()
            may_read.wait(LIMIT_SECONDS)

        self._connection.invoke("Echo", ["hold"], hold)
        if not is_held.wait(LIMIT_SECONDS):
            raise TimeoutError("the reading thread was not reached")
        try:
            yield
        finally:
            may_read.set()

    def _on_error(self, message):
        self._calls[message.invocation_id].set_exception(CallFailed(message.error))
