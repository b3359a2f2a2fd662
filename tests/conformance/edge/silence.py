"""TCP peers that say nothing, or stop in the middle: the server ends them within its patience."""

import functools
import ssl

from wire import Peer


def silent_peers(port, tls_port):
    """By name: what sends its beginning and expects the end within the seconds that it is called with."""
    beginnings = {
        "silent-peer": (port, b""),
        "half-a-request": (port, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "),
        "half-a-preface": (port, b"PRI * HTTP/2.0\r\n"),
    }
    if tls_port is not None:
        hello = client_hello()
        beginnings["silent-tls-peer"] = (tls_port, b"")
        beginnings["half-a-client-hello"] = (tls_port, hello[: len(hello) // 2])
        beginnings["client-hello-alone"] = (tls_port, hello)
    return {name: functools.partial(is_ended, *beginning) for name, beginning in beginnings.items()}


def is_ended(port, beginning, patience):
    with Peer(port) as peer:
        peer.send(beginning)
        if not peer.is_ended(patience):
            raise TimeoutError(f"still connected after {patience} s")


def client_hello():
    context = ssl.create_default_context()
    written = ssl.MemoryBIO()
    handshake = context.wrap_bio(ssl.MemoryBIO(), written, server_hostname="localhost")
    try:
        handshake.do_handshake()
    except ssl.SSLWantReadError:
        return written.read()
    raise AssertionError("a handshake needs the server's answer")
