"""h2spec's cases against a server, in clear text and over TLS.

usage: python h2spec.py --h2spec PROGRAM --port P [--tls-port P] [--path PATH]

The resource at the path has to read the bodies of requests before it answers. A case that fails for a reason is in
EXCEPTIONS and is named, but counts as nothing; one that is there and passes is a failure. The last line counts the
cases of both ways.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from xml.etree import ElementTree

ALL = 146
LIMIT_SECONDS = 300
EXCEPTIONS = {
    ("clear text", "http2/3.5", "Sends invalid connection preface"): (
        "the port has HTTP/1.1 too, and what is no preface of HTTP/2 is answered 400 there before the connection ends"
    ),
}


def main():
    given = options()
    counts = run(given, "clear text", ["-p", str(given.port)])
    if given.tls_port is not None:
        counts += run(given, "TLS", ["-p", str(given.tls_port), "-t", "-k"])
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    return 1 if counts["failed"] else 0


def run(given, way, where):
    with tempfile.NamedTemporaryFile() as report:
        command = [given.h2spec, "-S", "-h", "127.0.0.1", "-P", given.path, "-j", report.name, *where]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS)
        try:
            cases = list(ElementTree.parse(report.name).iter("testcase"))
        except ElementTree.ParseError:
            print(f"failed: {way}: h2spec wrote no report: {ended.stdout[-500:]} {ended.stderr[-500:]}")
            return Counter(failed=1)
    counts = Counter(judge(way, case) for case in cases)
    print(f"{way}: {counts['passed']} of {len(cases)} passed", flush=True)
    if counts["failed"]:
        print(ended.stdout[ended.stdout.find("Failures:"):])
    if len(cases) != ALL:
        print(f"failed: {way}: there are {len(cases)} cases, not {ALL}")
        counts["failed"] += 1
    return counts


def judge(way, case):
    failed = len(case) > 0  # what says why it failed, or was skipped
    reason = EXCEPTIONS.get((way, case.get("package"), case.get("classname")))
    if reason is None:
        return "failed" if failed else "passed"
    print(f"{way}: {case.get('package')} {case.get('classname')}: {reason if failed else 'passes: take it off the list'}")
    return "excepted" if failed else "failed"


def options():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--h2spec", required=True)
    reader.add_argument("--port", type=int, required=True)
    reader.add_argument("--tls-port", type=int)
    reader.add_argument("--path", default="/")
    return reader.parse_args()


if __name__ == "__main__":
    sys.exit(main())
