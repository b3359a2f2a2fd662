"""In which ways the cases are run: each client over the transports that it has, in the protocols that it speaks there."""

from dataclasses import dataclass

from pysignalr_adapter import PySignalR
from signalrcore_adapter import SignalRCore


@dataclass(frozen=True)
class Variant:
    client: type
    transport: str
    protocol: str
    needs: frozenset = frozenset()
    lacks: frozenset = frozenset()

    @property
    def name(self):
        return f"{self.client.name}, {self.transport}, {self.protocol}"

    def connect(self, url, **how):
        return self.client(url, self.transport, self.protocol, **how)


# Only WebSockets do without negotiation.
POSTS = frozenset({"skip-negotiation"})
# Of the messages that one poll brings signalrcore hands over the first, and keeps the others until the next poll.
POLLS = POSTS | {"bursts"}
# signalrcore leaves fields out of the messages of an upload, which MessagePack finds by their place.
WITHOUT_FIELDS = frozenset({"upload"})
MESSAGEPACK = frozenset({"messagepack"})

VARIANTS = [
    Variant(PySignalR, "WebSockets", "json"),
    Variant(PySignalR, "WebSockets", "messagepack", needs=MESSAGEPACK),
    Variant(SignalRCore, "WebSockets", "json"),
    Variant(SignalRCore, "WebSockets", "messagepack", needs=MESSAGEPACK, lacks=WITHOUT_FIELDS),
    Variant(SignalRCore, "ServerSentEvents", "json", lacks=POSTS),
    Variant(SignalRCore, "LongPolling", "json", lacks=POLLS),
]
