"""Raw HTTP/1.1 and WebSocket bytes, so that an attack can send what no client library would.

Frames are written masked as clients must, unless an attack asks otherwise. The attacks are in attacks.py.
"""

import json
import os
import socket
import struct

TEXT, CLOSE = 0x1, 0x8
RECORD_END = b"\x1e"
TIMEOUT_SECONDS = 60


class Peer:
    """One TCP connection to the server, with a receive buffer of about so many bytes."""

    def __init__(self, port, receive_buffer=None):
        self.socket = socket.socket()
        self.socket.settimeout(TIMEOUT_SECONDS)
        if receive_buffer is not None:  # before the connection, whose window it decides
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", port))
        self._buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, raw):
        self.socket.sendall(raw)

    def request(self, method, path, headers=(), body=b""):
        """Sends a request and gives the answer's status and body."""
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *headers]
        self.send("\r\n".join([*lines, "", ""]).encode() + body)
        return self.answer(has_body=method != "HEAD")

    def answer(self, has_body=True):
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        if not has_body or status == 101:
            return status, b""
        if headers.get("transfer-encoding") == "chunked":
            return status, self._chunks()
        return status, self.exactly(int(headers.get("content-length", 0)))

    def upgrade(self, path):
        """Asks for a WebSocket; gives the answer's status and body."""
        self.send(upgrade_request(path))
        return self.answer()

    def frame(self, payload, opcode=TEXT, masked=True):
        self.send(frame(payload, opcode, masked))

    def say(self, message):
        """Sends one hub message in JSON."""
        self.frame(json.dumps(message).encode() + RECORD_END)

    def hear(self):
        """The next frame as opcode and payload."""
        first, second = self.exactly(2)
        length = second & 0x7F
        if length == 126:
            length = struct.unpack(">H", self.exactly(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self.exactly(8))[0]
        return first & 0x0F, self.exactly(length)

    def hear_all(self):
        """What is told to the end, pings left out: texts, then `close CODE`."""
        heard = []
        while True:
            opcode, payload = self.hear()
            if opcode == CLOSE:
                code = struct.unpack(">H", payload[:2])[0] if payload else "without a code"
                return [*heard, f"close {code}"]
            heard += [text for text in payload.decode().split("\x1e") if text not in ("", '{"type":6}')]

    def is_ended(self, seconds):
        """Whether the server ends the connection within the time; what it says until then does not matter."""
        self.socket.settimeout(seconds)
        try:
            while self.socket.recv(65536):
                pass
            return True
        except TimeoutError:
            return False
        except OSError:
            return True

    def exactly(self, count):
        while len(self._buffer) < count:
            self._read()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _until(self, end):
        while end not in self._buffer:
            self._read()
        taken, _, self._buffer = self._buffer.partition(end)
        return taken

    def _chunks(self):
        body = b""
        while size := int(self._until(b"\r\n"), 16):
            body += self.exactly(size)
            self.exactly(2)
        self.exactly(2)
        return body

    def _read(self):
        received = self.socket.recv(65536)
        if not received:
            raise ConnectionError("the server ended the connection")
        self._buffer += received


def upgrade_request(path):
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def frame(payload, opcode=TEXT, masked=True):
    length = len(payload)
    mask_bit = 0x80 if masked else 0
    if length < 126:
        head = bytes([0x80 | opcode, mask_bit | length])
    elif length < 65536:
        head = bytes([0x80 | opcode, mask_bit | 126]) + struct.pack(">H", length)
    else:
        head = bytes([0x80 | opcode, mask_bit | 127]) + struct.pack(">Q", length)
    if not masked:
        return head + payload
    mask = os.urandom(4)
    stream = (mask * (length // 4 + 1))[:length]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")
    return head + mask + mixed.to_bytes(length, "big")
