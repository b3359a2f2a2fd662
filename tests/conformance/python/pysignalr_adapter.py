"""`pysignalr` as the cases see a client: blocking calls around one asyncio loop that all its connections share."""

import asyncio
import threading
from concurrent.futures import Future

from inbox import LIMIT_SECONDS, CallFailed, Inbox
from pysignalr.client import SignalRClient
from pysignalr.protocol.json import JSONProtocol
from pysignalr.protocol.messagepack import MessagepackProtocol

PROTOCOLS = {"json": JSONProtocol, "messagepack": MessagepackProtocol}

LOOP = asyncio.new_event_loop()
threading.Thread(target=LOOP.run_forever, daemon=True).start()


class PySignalR:
    name = "pysignalr"
    # It always negotiates and takes any end of a connection as a reason to connect again. Nobody is told
    # what an upload was answered.
    lacks = {"skip-negotiation", "restart-by-hand", "reconnect-behind-gate"}

    def __init__(self, url, transport, protocol, reconnects=True, answer=None):
        """`answer` is called with what the server asks."""
        assert transport == "WebSockets", "it has no other"
        self.inbox = Inbox()
        self.opened = threading.Semaphore(0)
        self._protocol = PROTOCOLS[protocol]()
        self._answer = answer
        self._run = self._in_loop(self._start(url)).result(LIMIT_SECONDS)
        self.await_open()

    def await_open(self):
        """Returns after the next time that the connection opens."""
        if not self.opened.acquire(timeout=LIMIT_SECONDS):
            raise TimeoutError("the connection did not open")

    def invoke(self, method, *arguments):
        return self.begin(method, *arguments).result(LIMIT_SECONDS)

    def begin(self, method, *arguments):
        """Calls the method; the future holds its answer."""
        answer = Future()

        async def on_answer(message):
            if message.error:
                answer.set_exception(CallFailed(message.error))
            else:
                answer.set_result(message.result)

        self._in_loop(self._client.send(method, list(arguments), on_answer)).result(LIMIT_SECONDS)
        return answer

    def send(self, method, *arguments):
        self._in_loop(self._client.send(method, list(arguments))).result(LIMIT_SECONDS)

    def stream(self, method, *arguments):
        """The items of a stream; raises `CallFailed` when it ends with an error."""
        items, ended = [], Future()

        async def on_next(item):
            items.append(item)

        async def on_complete(_message):
            ended.set_result(items)

        async def on_error(message):
            ended.set_exception(CallFailed(message.error))

        self._in_loop(self._client.stream(method, list(arguments), on_next, on_complete, on_error)).result(LIMIT_SECONDS)
        return ended.result(LIMIT_SECONDS)

    def upload(self, method, items):
        """Calls the method with a stream of the items, and does not wait for what it makes of them."""

        async def send_all():
            async with self._client.client_stream(method) as upload:
                for item in items:
                    await upload.send(item)

        self._in_loop(send_all()).result(LIMIT_SECONDS)

    def stop(self):
        LOOP.call_soon_threadsafe(self._run.cancel)

    async def _start(self, url):
        self._client = SignalRClient(url, self._protocol, max_size=None)
        if self._answer is not None:
            self._client.on("answer", self._on_question)
        self._client.on("receive", self._on_receive)
        self._client.on_open(self._on_open)
        self._client.on_error(self._on_error)
        return asyncio.ensure_future(self._client.run())

    async def _on_receive(self, arguments):
        self.inbox.take(*arguments)

    async def _on_question(self, arguments):
        return self._answer(*arguments)

    async def _on_open(self):
        self.opened.release()

    async def _on_error(self, message):
        """Each call's own answer holds its error."""

    def _in_loop(self, work):
        return asyncio.run_coroutine_threadsafe(work, LOOP)
