"""A bench server as a child of the suite, and a gate before it that hides a restart from clients.

Rule: the server is ended by its own process id only.
"""

import atexit
import shlex
import signal
import socket
import subprocess
import threading
import time
from contextlib import suppress

READY_LIMIT_SECONDS = 30
END_LIMIT_SECONDS = 20


class Server:
    def __init__(self, command, port, log=None):
        """`log` is the file that what the server writes to stderr is added to."""
        self._words = [word.replace("{port}", str(port)) for word in shlex.split(command)]
        self._stderr = open(log, "ab") if log else subprocess.DEVNULL
        self.is_up = threading.Event()
        self.port = port
        self.url = f"http://127.0.0.1:{port}/bench"

    def start(self):
        self._process = subprocess.Popen(self._words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._stderr)
        atexit.register(self._process.kill)
        deadline = time.monotonic() + READY_LIMIT_SECONDS
        while not accepts(self.port):
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended: {self._words}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing listens on port {self.port}")
            time.sleep(0.02)
        self.is_up.set()

    def stop(self, how=signal.SIGTERM):
        self.is_up.clear()
        self._process.send_signal(how)
        self._process.wait(END_LIMIT_SECONDS)

    def restart(self, how):
        self.stop(how)
        self.start()


class Gate:
    """Forwards connections to the server, and keeps its clients waiting while the server is away."""

    def __init__(self, server):
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/bench"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client):
        self._server.is_up.wait(READY_LIMIT_SECONDS)
        inside = socket.create_connection(("127.0.0.1", self._server.port))
        threading.Thread(target=self._copy, args=(client, inside), daemon=True).start()
        self._copy(inside, client)

    def _copy(self, source, target):
        with suppress(OSError):
            while received := source.recv(65536):
                target.sendall(received)
        self._server.is_up.wait(READY_LIMIT_SECONDS)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def accepts(port):
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port)).close()
        return True
    return False
