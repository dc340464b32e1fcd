"""`python -m support.bench [--repeats N] [--count N]`: a table, and the same as JSON."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from support import clock
from support.bench import checker, envelopes
from support.bench.figures import Cost, Goal, Pacing, Ratio, at_least, at_most
from support.bench.passes import Bench
from support.errors import Explained
from support.interruption import arrived, listen, uninterrupted
from support.progress import Progress
from support.provenance import describe_git, describe_host
from support.results.schema import Git, Host
from support.results.store import write_atomically
from support.runlock import RunLock
from support.settings import ROOT, Settings
from support.stack.embedded.stack import EmbeddedStack

SIZE = 1_000
WARM_UPS = 3
RATES = (1_000, 5_000)
PACED_S = 10
GROWTH = (
    *((count, 1_000, 3) for count in (100_000, 300_000, 895_000, 2_000_000)),
    *((100_000, size, 3) for size in (4_000, 10_000)),
    *((300_000, 1_000, partitions) for partitions in (1, 12)),
)
"""(records, bytes, partitions): how cost grows with each."""

WHOLE = (895_000, 1_000)
"""The size of work for which a limit of memory stands."""

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Grown:
    """Cost of a replay and of its verified reading at one size of the work."""

    records: int
    bytes: int
    partitions: int
    replay: Cost
    read: Cost


@dataclasses.dataclass(frozen=True)
class Report:
    """What a bench found, on which machine."""

    at: str
    git: Git
    host: Host
    ratios: tuple[Ratio, ...]
    goals: tuple[Goal, ...]
    ours: dict[str, list[Cost | Pacing]]
    growth: tuple[Grown, ...]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--count", type=int, default=600_000, help="records of a replay")
    parser.add_argument("--no-growth", action="store_true", help="leave out how cost grows")
    given = parser.parse_args(arguments)
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
        report = run(Bench(stack, folder), given, progress)
    except BaseException as error:
        # Any error in the place of the interruption is the interruption.
        if not arrived() and not isinstance(error, Explained):
            raise
        sys.stderr.write(f"\n{arrived() or error}\n")
        return 130 if arrived() else 2
    finally:
        with uninterrupted():
            stack.stop()
    path = ROOT / "reports" / f"bench-{clock.utc_now():%Y%m%d-%H%M%S}.json"
    write_atomically(path, msgspec.json.format(msgspec.json.encode(report), indent=2))
    for line in table(report, path):
        sys.stdout.write(line + "\n")
    return 0


def run(bench: Bench, given: argparse.Namespace, progress: Progress) -> Report:
    count, repeats = given.count, given.repeats
    progress.say("warming the broker up")
    # Until the JVM has compiled what a replay needs: ours comes first and would pay for it.
    for _ in range(WARM_UPS):
        with_topic(bench, lambda topic: bench.our_replay(topic, count, SIZE))
    ours: list[Cost] = []
    theirs: list[Cost] = []
    our_reads: list[Cost] = []
    their_reads: list[Cost] = []
    for number in range(repeats):
        progress.say(f"replay and reading of {count} records, {number + 1} of {repeats}")
        # A-B-A within each repeat: a drift of the machine shows as a drift of our own passes.
        ours.append(with_topic(bench, lambda topic: bench.our_replay(topic, count, SIZE)))
        theirs.append(with_topic(bench, lambda topic: bench.their_replay(topic, count, SIZE)))
        topic = bench.topic()
        ours.append(bench.our_replay(topic, count, SIZE))
        our_reads.append(bench.our_verified_read(topic, count, SIZE))
        their_reads.append(bench.their_read(topic, count))
        our_reads.append(bench.our_verified_read(topic, count, SIZE))
        bench.drop(topic)
    ratios = [
        at_least("replay, records/s", per_s(ours), per_s(theirs), 1.2),
        at_least("verified reading, records/s", per_s(our_reads), per_s(their_reads), 1.2),
        at_most("generator, CPU s per million", cpu(ours), cpu(theirs), 1.0),
    ]
    kept: dict[str, list[Cost | Pacing]] = {"replay": [*ours], "reading": [*our_reads]}
    progress.say("the checker on a million records")
    goals = checker.goals(1_000_000) + envelopes.goals()
    for rate in RATES:
        progress.say(f"pacing at {rate}/s")
        ours_at, theirs_at = paced(bench, rate)
        spread = at_most(
            f"clumping at {rate}/s", [p.dispersion for p in ours_at], [theirs_at.dispersion], 0.1
        )
        ratios.append(spread)
        kept[f"pacing {rate}/s"] = [*ours_at]
        late = max(p.lateness_p99_ms or 0.0 for p in ours_at)
        goals += [
            Goal(f"pacing error at {rate}/s", max(p.error for p in ours_at) * 100, "%", 0.1),
            Goal(f"lateness p99 at {rate}/s", late, "ms", 2.0),
        ]
    growth = () if given.no_growth else tuple(grow(bench, progress))
    goals += [
        Goal("peak RSS, generator + verifier, 895,000 x 1 KB", memory_mb(g), "MB", 300.0)
        for g in growth
        if (g.records, g.bytes) == WHOLE
    ]
    at = clock.utc_now().isoformat(timespec="seconds")
    git, host = describe_git(ROOT), describe_host()
    return Report(at, git, host, tuple(ratios), tuple(goals), kept, growth)


def memory_mb(grown: Grown) -> float:
    return (grown.replay.peak_rss_bytes + grown.read.peak_rss_bytes) / 1e6


def paced(bench: Bench, rate: int) -> tuple[list[Pacing], Pacing]:
    """Ours, theirs, ours."""

    def ours(topic: str) -> Pacing:
        return bench.our_pacing(topic, rate, PACED_S)

    def theirs(topic: str) -> Pacing:
        return bench.their_pacing(topic, rate, PACED_S)

    first, other = with_topic(bench, ours), with_topic(bench, theirs)
    return [first, with_topic(bench, ours)], other


def grow(bench: Bench, progress: Progress) -> list[Grown]:
    grown = []
    for count, size, partitions in GROWTH:
        progress.say(f"{count} records of {size} bytes over {partitions} partitions")
        topic = bench.topic(partitions)
        replay = bench.our_replay(topic, count, size)
        read = bench.our_verified_read(topic, count, size)
        bench.drop(topic)
        grown.append(Grown(count, size, partitions, replay, read))
    return grown


def with_topic(bench: Bench, act: Callable[[str], T]) -> T:
    topic = bench.topic()
    try:
        return act(topic)
    finally:
        bench.drop(topic)


def per_s(costs: Sequence[Cost]) -> list[float]:
    return [cost.per_s for cost in costs]


def cpu(costs: Sequence[Cost]) -> list[float]:
    return [cost.cpu_s_per_million for cost in costs]


def table(report: Report, path: Path) -> list[str]:
    host = report.host
    lines = [
        "",
        f"{host.system}, {host.cpus} cores, {host.memory_bytes / 2**30:.0f} GiB; medians",
        f"{'ours against theirs':32}{'ours':>12}{'theirs':>12}{'ratio':>8}  wanted",
    ]
    for ratio in report.ratios:
        said = "void: drift" if ratio.void else "reached" if ratio.reached else "NOT REACHED"
        lines.append(
            f"{ratio.name:32}{ratio.ours:12,.2f}{ratio.theirs:12,.2f}{ratio.value:8.2f}"
            f"  {ratio.wanted} {said} (drift {ratio.drift:.0%})"
        )
    lines += ["", "ours alone, the worse of its passes"]
    for goal in report.goals:
        said = "reached" if goal.reached else "NOT REACHED"
        lines.append(
            f"{goal.name:48}{goal.value:10,.3f} {goal.unit:3} wanted <= {goal.limit:g} {said}"
        )
    if report.growth:
        lines += [
            "",
            f"{'how cost grows':34}{'replay/s':>10}{'CPU s/M':>9}{'RSS MiB':>9}"
            f"{'read/s':>10}{'CPU s/M':>9}{'RSS MiB':>9}",
        ]
    for g in report.growth:
        lines.append(
            f"{g.records:>9,} x {g.bytes:>6,} B, {g.partitions:>2} partitions"
            f"{g.replay.per_s:10,.0f}"
            f"{g.replay.cpu_s_per_million:9.1f}{g.replay.peak_rss_bytes / 2**20:9.0f}"
            f"{g.read.per_s:10,.0f}{g.read.cpu_s_per_million:9.1f}"
            f"{g.read.peak_rss_bytes / 2**20:9.0f}"
        )
    return [*lines, "", str(path.relative_to(ROOT))]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
