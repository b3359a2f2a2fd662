"""The texts that a client's `receive` handler was called with, in order; filled and read by different threads."""

import threading

LIMIT_SECONDS = 20


class Inbox:
    def __init__(self):
        self._changed = threading.Condition()
        self._texts = []

    def take(self, text):
        with self._changed:
            self._texts.append(text)
            self._changed.notify_all()

    def until(self, last):
        """All texts so far, once `last` is among them."""
        with self._changed:
            if not self._changed.wait_for(lambda: last in self._texts, LIMIT_SECONDS):
                raise TimeoutError(f"{last!r} did not come, but {self._texts[-5:]!r}")
            return list(self._texts)


class CallFailed(Exception):
    """The server answered a call with an error; the message is its text."""
