"""What a Python client sees of the bench hub.

`needs` names what a client or a server may lack. "Hears nothing" is proved by a later message that does arrive.
Each case gets `connect(url?, reconnects=, negotiates=, answer=)` and the server.
"""

import signal
from dataclasses import dataclass
from typing import Callable

from inbox import LIMIT_SECONDS, CallFailed
from server import Gate

FAILED_TO_INVOKE_ECHO = "Failed to invoke 'Echo' due to an error on the server."
FAILED_TO_ASK = "An unexpected error occurred invoking 'AskCaller' on the server."
STREAM_INVOKED = "The client attempted to invoke the streaming 'Counter' method with a non-streaming invocation."
PLAIN_STREAMED = "The client attempted to invoke the non-streaming 'Echo' method with a streaming invocation."


@dataclass(frozen=True)
class Case:
    name: str
    run: Callable
    needs: tuple = ()


def echoes(text):
    def run(connect, _server):
        same(connect().invoke("Echo", text), text)

    return run


def refuses(expected, *call):
    def run(connect, _server):
        connection = connect()
        same(refusal(connection, *call), expected)
        same(connection.invoke("Echo", "alive"), "alive")

    return run


def streams(count):
    def run(connect, _server):
        connection = connect()
        same(connection.stream("Counter", count), list(range(count)))
        same(connection.invoke("Echo", "alive"), "alive")

    return run


def refuses_stream(expected, *call):
    def run(connect, _server):
        connection = connect()
        same(refusal_of(lambda: connection.stream(*call)), expected)
        same(connection.invoke("Echo", "alive"), "alive")

    return run


def uploads(count):
    def run(connect, _server):
        connection = connect()
        connection.upload("Upload", range(count))
        same(connection.invoke("Echo", "alive"), "alive")

    return run


def client_result(connect, _server):
    connection = connect(answer=lambda question: f"{question}!")
    same(connection.invoke("AskCaller", "why ✓"), "why ✓!")


def client_throws(connect, _server):
    def answer(_question):
        raise ValueError("not today")

    connection = connect(answer=answer)
    same(refusal(connection, "AskCaller", "why"), f"{FAILED_TO_ASK} HubException: not today")
    same(connection.invoke("Echo", "alive"), "alive")


def nobody_answers(connect, _server):
    connection = connect()
    same(refusal(connection, "AskCaller", "why"), f"{FAILED_TO_ASK} HubException: Client didn't provide a result.")
    same(connection.invoke("Echo", "alive"), "alive")


def not_negotiated(connect, _server):
    same(connect(negotiates=False).invoke("Echo", "hello"), "hello")


def other_letters(connect, _server):
    same(connect().invoke("eCHO", "x"), "x")


def send(connect, _server):
    connection = connect()
    connection.send("Broadcast", "sent")
    same(connection.inbox.until("sent"), ["sent"])


def send_of_what_fails(connect, _server):
    connection = connect()
    connection.send("Fail", "unheard")
    connection.send("Nothing")
    same(connection.invoke("Echo", "alive"), "alive")


def many_calls(connect, _server):
    connection = connect()
    sent = [f"number {i}" for i in range(500)]
    same([answer.result(LIMIT_SECONDS) for answer in [connection.begin("Echo", text) for text in sent]], sent)


def broadcast(connect, _server):
    everyone = [connect() for _ in range(5)]
    everyone[0].invoke("Broadcast", "to all")
    everyone[1].invoke("Broadcast", "last")
    for one in everyone:
        same(one.inbox.until("last"), ["to all", "last"])


def private_answer(connect, _server):
    one, other = connect(), connect()
    same(one.invoke("Echo", "mine"), "mine")
    one.invoke("Broadcast", "last")
    same(other.inbox.until("last"), ["last"])


def group(connect, _server):
    member, outsider = connect(), connect()
    member.invoke("JoinGroup", "room ✓")
    outsider.invoke("SendToGroup", "room ✓", "to the group")
    outsider.invoke("Broadcast", "last")
    same(member.inbox.until("last"), ["to the group", "last"])
    same(outsider.inbox.until("last"), ["last"])


def leave_group(connect, _server):
    stays, leaves = connect(), connect()
    stays.invoke("JoinGroup", "room")
    leaves.invoke("JoinGroup", "room")
    leaves.invoke("LeaveGroup", "room")
    stays.invoke("SendToGroup", "room", "to one")
    stays.invoke("Broadcast", "last")
    same(stays.inbox.until("last"), ["to one", "last"])
    same(leaves.inbox.until("last"), ["last"])


def order_of_many(connect, _server):
    sender, receiver = connect(), connect()
    sent = [f"number {i}" for i in range(1000)]
    for answer in [sender.begin("Broadcast", text) for text in sent]:
        answer.result(LIMIT_SECONDS)
    same(receiver.inbox.until(sent[-1]), sent)


def user(connect, server):
    ann, bob = connect(f"{server.url}?user=ann"), connect(f"{server.url}?user=bob")
    same(ann.invoke("WhoAmI"), "ann")
    same(connect().invoke("WhoAmI"), None)
    bob.invoke("SendToUser", "ann", "for ann")
    bob.invoke("Broadcast", "last")
    same(ann.inbox.until("last"), ["for ann", "last"])
    same(bob.inbox.until("last"), ["last"])


def reconnects(how):
    def run(connect, server):
        connection = connect(reconnects=True)
        server.restart(how)
        connection.await_open()
        works_again(connection)

    return run


def reconnects_behind_gate(how):
    def run(connect, server):
        gate = Gate(server)
        try:
            connection = connect(gate.url, reconnects=True)
            server.restart(how)
            connection.await_open()
            works_again(connection)
        finally:
            gate.close()

    return run


def starts_again(connect, server):
    connection = connect()
    server.restart(signal.SIGTERM)
    connection.await_close()
    connection.start()
    works_again(connection)


def works_again(connection):
    same(connection.invoke("Echo", "back"), "back")
    connection.invoke("JoinGroup", "after")
    connection.invoke("SendToGroup", "after", "last")
    same(connection.inbox.until("last"), ["last"])


CASES = [
    Case("a call's answer", echoes("hello")),
    Case("an empty text", echoes("")),
    Case("a null argument", echoes(None)),
    Case("text of all planes and of what JSON escapes", echoes("naïve ✓ 😀 \u2028\u007f\"\\\r\n<a href='x'>&")),
    Case("a text of 20 kB", echoes("20 kB ✓ " * 2000)),
    Case("without negotiation", not_negotiated, ("skip-negotiation",)),
    Case("a method name in other letters", other_letters),
    Case("send calls the method", send, ("send",)),
    Case("send of what fails leaves the connection usable", send_of_what_fails, ("send",)),
    Case("500 calls at once", many_calls, ("bursts",)),
    Case(
        "a hub error's text reaches the caller",
        refuses("An unexpected error occurred invoking 'Fail' on the server. HubException: no way ✓", "Fail", "no way ✓"),
    ),
    Case("a crash shows nothing of itself", refuses("An unexpected error occurred invoking 'Crash' on the server.", "Crash")),
    Case(
        "an unknown method",
        refuses("Failed to invoke 'Nothing' due to an error on the server. HubException: Method does not exist.", "Nothing"),
    ),
    Case("too few arguments", refuses(FAILED_TO_INVOKE_ECHO, "Echo")),
    Case("too many arguments", refuses(FAILED_TO_INVOKE_ECHO, "Echo", "a", "b")),
    Case("an argument of a wrong type", refuses(FAILED_TO_INVOKE_ECHO, "Echo", 5)),
    Case("a text of nearly 1 MiB", echoes("x" * 1_000_000)),
    Case("a stream gives every item and ends", streams(5), ("bursts",)),
    Case("a stream without items ends", streams(0)),
    Case("a stream of 10,000 items is whole and in order", streams(10_000), ("bursts",)),
    Case("invoke of a streaming method is refused", refuses(STREAM_INVOKED, "Counter", 3)),
    Case("stream of a plain method is refused", refuses_stream(PLAIN_STREAMED, "Echo", "x")),
    Case("an upload without items leaves the connection usable", uploads(0), ("upload",)),
    Case("an upload of 100 items leaves the connection usable", uploads(100), ("upload",)),
    Case("a client's answer", client_result, ("client-result",)),
    Case("a client's error reaches who asked", client_throws, ("client-result",)),
    Case("a client that has no handler", nobody_answers, ("client-result",)),
    Case("a broadcast reaches everyone once", broadcast, ("bursts",)),
    Case("what one is answered the others do not see", private_answer, ("bursts",)),
    Case("a group's members hear what is sent to it, others do not", group, ("bursts",)),
    Case("who leaves a group hears it no more", leave_group, ("bursts",)),
    Case("1,000 messages arrive in the order sent", order_of_many, ("bursts",)),
    Case("the user is who the query says, and hears what is sent to them", user, ("users", "bursts")),
    Case("reconnects after the server was told to stop", reconnects(signal.SIGTERM), ("reconnect",)),
    Case("reconnects after the server died", reconnects(signal.SIGKILL), ("reconnect",)),
    Case("reconnects once a stopped server is back", reconnects_behind_gate(signal.SIGTERM), ("reconnect-behind-gate", "bursts")),
    Case("reconnects once a dead server is back", reconnects_behind_gate(signal.SIGKILL), ("reconnect-behind-gate", "bursts")),
    Case("starts again by hand after a restart of the server", starts_again, ("restart-by-hand", "bursts")),
]


def refusal(connection, *call):
    """The text of a call's error."""
    return refusal_of(lambda: connection.invoke(*call))


def refusal_of(call):
    try:
        return f"no error, but {call()!r}"
    except CallFailed as error:
        return str(error)


def same(found, expected):
    assert found == expected, f"found {shortened(found)}, expected {shortened(expected)}"


def shortened(value):
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"
