"""What deny.toml demands of all dependencies: licences, sources, version floors; and advisories, where they can be had.

usage: python check.py --cargo-deny PROGRAM, in the root of the repository

The database of advisories is a git repository elsewhere. Where it cannot be fetched, a line says so, and that check
counts as nothing.
"""

import argparse
import subprocess
import sys

MANIFESTS = ["Cargo.toml", "fuzz/Cargo.toml"]
CHECKS = ["licenses", "sources", "bans"]
FETCH_LIMIT_SECONDS = 60
UNREACHABLE = ["failed to fetch advisory database", "failed to obtain advisory database", "unable to load advisory"]


def main():
    given = options()
    passed = failed = 0
    for manifest in MANIFESTS:
        for check in CHECKS:
            ended = deny(given.cargo_deny, manifest, check)
            if ended.returncode == 0:
                passed += 1
            else:
                failed += 1
                print(f"failed: {check} of {manifest}:\n{ended.stderr}", flush=True)
    verdict = advisories(given.cargo_deny)
    print(f"{passed + (verdict == 'passed')} passed, {failed + (verdict == 'failed')} failed")
    return 1 if failed or verdict == "failed" else 0


def advisories(program):
    try:
        ended = deny(program, "Cargo.toml", "advisories", timeout=FETCH_LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        return not_checked(f"its database did not come in {FETCH_LIMIT_SECONDS} s")
    if ended.returncode == 0:
        return "passed"
    if any(words in ended.stderr for words in UNREACHABLE):
        return not_checked("its database cannot be reached from here")
    print(f"failed: advisories:\n{ended.stderr}", flush=True)
    return "failed"


def not_checked(why):
    print(f"advisories: NOT CHECKED: {why}", flush=True)
    return "not checked"


def deny(program, manifest, check, timeout=None):
    command = [program, "--config", "deny.toml", "--manifest-path", manifest, "--locked", "check", check]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout)


def options():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--cargo-deny", required=True)
    return reader.parse_args()


if __name__ == "__main__":
    sys.exit(main())
