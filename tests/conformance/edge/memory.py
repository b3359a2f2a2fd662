"""10,000 negotiations that never connect: the server forgets them and its memory returns."""

import time

from wire import Peer
from witness import negotiate

COUNT = 10_000
KEPT = 200
SLACK_KB = 4096


def negotiations_are_forgotten(port, hub, pid, disconnect_seconds):
    """A complaint, or None; and a line with the figures.

    Memory counts as returned when three quarters of the growth are given back, or when a second wave of the same size
    fits into what the first one left: an allocator may keep pages, a leak grows.
    """
    before = resident_kb(pid)
    tokens = negotiate_all(port, hub)
    peak = resident_kb(pid)
    complaint = await_forgotten(port, hub, tokens, disconnect_seconds)
    grown = peak - before
    after = await_return(pid, before + grown // 4 + SLACK_KB)
    figures = f"memory of {COUNT} negotiations: {before} kB before, {peak} kB with them, {after} kB after"
    if complaint or after <= before + grown // 4 + SLACK_KB:
        return complaint, figures
    tokens = negotiate_all(port, hub)
    second = resident_kb(pid)
    figures += f", {second} kB with a second wave"
    complaint = await_forgotten(port, hub, tokens, disconnect_seconds)
    if not complaint and second > peak + grown // 4 + SLACK_KB:
        complaint = f"the second wave found no memory of the first: {figures}"
    return complaint, figures


def negotiate_all(port, hub):
    """Negotiates `COUNT` times; gives the last tokens."""
    with Peer(port) as peer:
        tokens = [negotiate(peer, hub) for _ in range(COUNT)]
    return tokens[-KEPT:]


def await_forgotten(port, hub, tokens, disconnect_seconds):
    """Tries one kept token after the other until one is unknown; a complaint when that takes too long."""
    deadline = time.monotonic() + 2 * disconnect_seconds + 5
    for token in tokens:
        with Peer(port) as peer:
            status, body = peer.upgrade(f"{hub}?id={token}")
        if status == 404:
            return None if body == b"No Connection with that ID" else f"a forgotten id is answered {body!r}"
        if time.monotonic() > deadline:
            break
        time.sleep(0.5)
    return f"negotiations are still known {2 * disconnect_seconds + 5} s later"


def await_return(pid, wanted_kb):
    """The memory once it is at most `wanted_kb`, or after 20 s."""
    deadline = time.monotonic() + 20
    while (found := resident_kb(pid)) > wanted_kb and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def resident_kb(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
