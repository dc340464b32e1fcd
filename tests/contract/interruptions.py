"""Interrupts runs at random, and checks what they leave behind.

    python -m tests.contract.interruptions [--seed 1] [--count 100] [--stack own|kept|both]

Each interruption is a random scenario, moment and signal: SIGINT, SIGTERM, one of them twice, or
SIGKILL; sent to the process, or to its group as a terminal does. The following run proves that the
next command works. Exit code 1 when anything is wrong; the output of such a run is stored in
`.stack/interruptions/`.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
from collections.abc import Iterator
from datetime import timedelta

from behave.parser import parse_file

from support import clock
from support.settings import ROOT
from tests.contract.interrupted_run import SCALED, Interruption, Run, Way, interrupt
from tests.contract.remains import command, still_there, wrong
from tests.contract.running import ANY

START, LONGEST_S = 0.25, 15.0
"""Share of the interruptions during the start; the others: at most so many seconds after it."""


WAYS = (
    Way(signal.SIGINT),
    Way(signal.SIGINT, group=True),
    Way(signal.SIGTERM),
    Way(signal.SIGTERM, group=True),
    Way(signal.SIGINT, again_s=0.3),
    Way(signal.SIGINT, group=True, again_s=1.5),
    Way(signal.SIGTERM, again_s=3.0),
    Way(signal.SIGKILL),
    Way(signal.SIGKILL, group=True),
)


def places() -> list[str]:
    """File and line of every scenario."""
    found: list[str] = []
    for path in sorted((ROOT / "features").rglob("*.feature")):
        scenarios = parse_file(str(path)).walk_scenarios()
        found += [
            f"{path.relative_to(ROOT)}:{each.location.line}"
            for each in scenarios
            if "wip" not in each.effective_tags
        ]
    return found


def interruptions(seed: int) -> Iterator[Interruption]:
    """Yields random interruptions without end; the same seed yields the same ones."""
    chance, where = random.Random(seed), places()
    while True:
        ready = chance.random() > START
        at_s = chance.uniform(0, LONGEST_S if ready else 10)
        yield Interruption(chance.choice(where), chance.choice(WAYS), ready, at_s)


def series(seed: int, count: int, *, kept: bool, within_s: float = 1e6) -> list[str]:
    """Interrupts `count` runs, or as many as can be started within `within_s` seconds.

    A run that had ended before its interruption does not count. Returns what was wrong, in words.
    """
    if kept:
        code, reported = command("up")
        assert code == 0, reported
    try:
        troubles = _interrupt(seed, count, kept=kept, within_s=within_s)
        after = Run(*SCALED, *ANY)
        after.await_end(timedelta(seconds=180))
        if after.process.returncode != 0:
            troubles.append(f"the run after all of them: {''.join(after.said)[-800:]}")
    finally:
        if kept:
            command("down")
    return troubles + still_there()


def _interrupt(seed: int, count: int, *, kept: bool, within_s: float) -> list[str]:
    troubles: list[str] = []
    end_ns = clock.now_ns() + int(within_s * clock.NS_PER_S)
    done = 0
    for number, what in enumerate(interruptions(seed)):
        if done >= count or clock.now_ns() > end_ns:
            break
        run, interrupted, took_s = interrupt(what)
        found = wrong(what, run, took_s, kept=kept) if interrupted else []
        done += interrupted
        state = "; ".join(found) or (
            f"ok, ended after {took_s:.1f} s" if interrupted else "too late"
        )
        target = "kept" if kept else "own"
        sys.stdout.write(f"{target} {number}: {what.name}: {state}\n")
        sys.stdout.flush()
        if found:
            keep(run, f"{seed}-{target}-{number}.log")
            troubles.append(f"{target} {number}, {what.name}: {state}")
    return troubles


def keep(run: Run, name: str) -> None:
    folder = ROOT / ".stack" / "interruptions"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("".join(run.said))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--stack", choices=("own", "kept", "both"), default="both")
    parser.add_argument("--within", type=float, default=1e6, metavar="SECONDS")
    given = parser.parse_args(arguments)
    troubles: list[str] = []
    for kept in {"own": (False,), "kept": (True,), "both": (False, True)}[given.stack]:
        count = given.count if given.stack != "both" else given.count // 2
        troubles += series(given.seed, count, kept=kept, within_s=given.within)
    for trouble in troubles:
        sys.stdout.write(f"WRONG {trouble}\n")
    sys.stdout.write(f"{len(troubles)} troubles\n")
    return int(bool(troubles))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
