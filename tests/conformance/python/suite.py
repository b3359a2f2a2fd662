"""`pysignalr` and `signalrcore`, unmodified, drive a bench server.

Rule: the last line is the count. A case that the server cannot take part in is counted as skipped; one that is about
something that a client does not have is none of that client's cases, and a line says so.
The cases are in cases.py, the ways to run them in variants.py; what each client is called with is in its adapter.
"""

import argparse
import logging
import os
import sys
from collections import Counter

from cases import CASES
from server import Server
from variants import VARIANTS


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--server", required=True, help="command that starts the server, with {port} in it")
    options.add_argument("--port", type=int, default=22000)
    options.add_argument("--without", default="", help="what the server lacks: users, messagepack")
    options.add_argument("--log", help="file that the server's stderr is added to")
    given = options.parse_args()
    logging.disable(logging.CRITICAL)
    lacking = set(given.without.split(",")) - {""}
    counts, skipped, foreign = Counter(), Counter(), Counter()
    server = Server(given.server, given.port, given.log)
    server.start()
    try:
        for variant in VARIANTS:
            for case in CASES:
                if lacks := sorted((variant.client.lacks | variant.lacks) & set(case.needs)):
                    foreign[f"{variant.name} has no {', '.join(lacks)}"] += 1
                    continue
                if missing := sorted(lacking & (variant.needs | set(case.needs))):
                    skipped[f"without {', '.join(missing)}"] += 1
                    continue
                why = run(case, variant, server)
                counts["failed" if why else "passed"] += 1
                if why:
                    print(f"failed: {variant.name}: {case.name}: {why}", flush=True)
    finally:
        server.stop()
    for why, count in foreign.items():
        print(f"not among its cases: {count}: {why}")
    for why, count in skipped.items():
        print(f"skipped: {count} cases: {why}")
    total = f", {sum(skipped.values())} skipped" if skipped else ""
    print(f"{counts['passed']} passed, {counts['failed']} failed{total}", flush=True)
    # signalrcore leaves threads behind that would keep the process alive.
    os._exit(1 if counts["failed"] else 0)


def run(case, variant, server):
    """What went wrong in the case, or None."""
    opened = []

    def connect(url=server.url, **how):
        opened.append(variant.connect(url, **how))
        return opened[-1]

    try:
        case.run(connect, server)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        for connection in opened:
            connection.stop()
    return None


if __name__ == "__main__":
    sys.exit(main())
