"""`python -m support.bench [--repeats N] [--count N]`: a table, and the same as JSON."""

from __future__ import annotations

import argparse
import sys

import msgspec

from support import clock
from support.bench.measuring import measure
from support.bench.passes import Bench
from support.bench.report import Report, table
from support.errors import Explained
from support.interruption import arrived, listen, uninterrupted
from support.progress import Progress
from support.results.store import write_atomically
from support.runlock import RunLock
from support.settings import ROOT, Settings
from support.stack.embedded.stack import EmbeddedStack


def main(arguments: list[str]) -> int:
    given = parse(arguments)
    listen()
    progress, settings = Progress(), Settings.load({})
    progress.title("bench")
    lock = RunLock(settings.home)
    stack = EmbeddedStack(settings, progress)
    try:
        lock.take()
        stack.start()
        folder = settings.home / "bench"
        folder.mkdir(parents=True, exist_ok=True)
        bench, growth = Bench(stack, folder), not given.no_growth
        report = measure(bench, progress, count=given.count, repeats=given.repeats, growth=growth)
    except BaseException as error:
        # During an interruption any error counts as its consequence.
        if not arrived() and not isinstance(error, Explained):
            raise
        sys.stderr.write(f"\n{arrived() or error}\n")
        return 130 if arrived() else 2
    finally:
        with uninterrupted():
            stack.stop()
    write(report)
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    """Returns `repeats`, `count` and `no_growth`."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--count", type=int, default=600_000, help="records of a replay")
    parser.add_argument("--no-growth", action="store_true", help="only at one size of the work")
    return parser.parse_args(arguments)


def write(report: Report) -> None:
    """Writes the report to reports/bench-*.json and to the terminal."""
    path = ROOT / "reports" / f"bench-{clock.utc_now():%Y%m%d-%H%M%S}.json"
    write_atomically(path, msgspec.json.format(msgspec.json.encode(report), indent=2))
    for line in (*table(report), str(path.relative_to(ROOT))):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
