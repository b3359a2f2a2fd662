"""Autobahn's cases, run by kosoku against an echo of WebSockets: over HTTP/1.1, or over HTTP/2 by our adapter.

usage: python autobahn.py --port P [--path /echo] [--adapter PROGRAM] [--chosen] [--only CASE]... [--parallel N]

--adapter is h2-adapter of this repository: it carries all cases over one HTTP/2 connection to the server, and the run
fails if the server ends that connection. --chosen runs a part that takes a minute instead of all cases; --only runs
the cases of an id such as 6.4.1 or 12.*.

Each group of cases ends with a line, each case that failed has one with the reason. The last line counts them. What
the suite calls NON-STRICT (not as it should be, but allowed) and INFORMATIONAL (left open by the RFC) passes and is
named. A case that the server does not implement has failed.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections import Counter

from kosoku import FailureError, run_fuzzingclient

# Groups as the suite numbers them: framing, pings, reserved bits, opcodes, fragments, UTF-8, closing, sizes and chops,
# and compression by data and by options.
GROUPS = [f"{group}.*" for group in [1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 13]]
ALL = 517

# All of what is quick; of sizes the smaller ones, and of each kind of data and option of compression the first, one of
# many fragments, and the largest.
CHOSEN = [f"{group}.*" for group in [1, 2, 3, 4, 5, 6, 7, 10]]
CHOSEN += [f"9.{kind}.{size}" for kind in range(1, 9) for size in [1, 2, 3]]
CHOSEN += [f"12.{data}.{size}" for data in range(1, 6) for size in [1, 11]]
CHOSEN += [f"13.{option}.{size}" for option in range(1, 8) for size in [3, 11]]


async def main():
    given = options()
    adapter = Adapter(given.adapter, given.port) if given.adapter else None
    try:
        tally = await run(f"ws://127.0.0.1:{adapter.port if adapter else given.port}{given.path}", given)
    finally:
        if adapter:
            adapter.end()
    if adapter:
        tally.note("one connection", adapter.connections == 1, f"the server ended {adapter.connections - 1} of them")
    return tally.end()


async def run(url, given):
    tally = Tally()
    for group in given.only or (CHOSEN_GROUPS if given.chosen else GROUPS):
        cases = group if isinstance(group, list) else [group]
        started = time.monotonic()
        results = await results_of(url, cases, given.parallel)
        for result in results:
            tally.take(result)
        passed = sum(result.passed for result in results)
        print(f"{cases[0]}: {passed} of {len(results)} passed in {time.monotonic() - started:.0f} s", flush=True)
    if not given.only and not given.chosen:
        tally.note("all cases", tally.cases == ALL, f"there are {tally.cases}, not {ALL}")
    return tally


async def results_of(url, cases, parallel):
    try:
        return await run_fuzzingclient(url, cases, concurrency=parallel)
    except FailureError as failure:
        return failure.results


def by_group(cases):
    groups = {}
    for case in cases:
        groups.setdefault(case.split(".")[0], []).append(case)
    return list(groups.values())


CHOSEN_GROUPS = by_group(CHOSEN)


class Tally:
    def __init__(self):
        self.cases = 0
        self.counts = Counter()
        self.leniencies = {"NON-STRICT": [], "INFORMATIONAL": []}

    def take(self, result):
        self.cases += 1
        verdicts = [result.behavior.value, result.behavior_close.value]
        for verdict in set(verdicts) & set(self.leniencies):
            self.leniencies[verdict].append(result.case_id)
        reason = f"{' and '.join(verdicts)}: {result.result} {result.result_close} Expected: {result.expectation}"
        self.note(result.case_id, result.passed, reason)

    def note(self, name, passed, reason):
        self.counts["passed" if passed else "failed"] += 1
        if not passed:
            print(f"failed: {name}: {' '.join(reason.split())}", flush=True)

    def end(self):
        for verdict, cases in self.leniencies.items():
            if cases:
                print(f"{verdict}: {len(cases)} cases: {', '.join(cases)}")
        print(f"{self.counts['passed']} passed, {self.counts['failed']} failed")
        return 1 if self.counts["failed"] else 0


class Adapter:
    """A running h2-adapter."""

    def __init__(self, program, server):
        command = [program, "--server", str(server)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.connections = 0
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def end(self):
        self.process.terminate()
        said = self.process.stdout.read()
        self.process.wait()
        self.connections = said.count("HTTP/2 connection")


def options():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--path", default="/echo")
    reader.add_argument("--adapter")
    reader.add_argument("--chosen", action="store_true")
    reader.add_argument("--only", action="append", metavar="CASE")
    reader.add_argument("--parallel", type=int, default=4)
    return reader.parse_args()


if __name__ == "__main__":
    code = asyncio.run(main())
    sys.stdout.flush()
    # The suite's own threads may still be at work: an ordinary end of the interpreter was seen to fail after all had passed.
    os._exit(code)
