"""All passes of a bench, in the order in which they are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from support import clock
from support.bench import checker, envelopes
from support.bench.figures import Cost, Goal, Pacing, Ratio, at_least, at_most
from support.bench.passes import Bench
from support.bench.report import Grown, Report
from support.progress import Progress
from support.provenance import describe_git, describe_host
from support.settings import ROOT

SIZE = 1_000
WARM_UPS = 3
RATES = (1_000, 5_000)
PACED_S = 10
CHECKED = 1_000_000
GROWTH = (
    *((count, 1_000, 3) for count in (100_000, 300_000, 895_000, 2_000_000)),
    *((100_000, size, 3) for size in (4_000, 10_000)),
    *((300_000, 1_000, partitions) for partitions in (1, 12)),
)
"""(records, bytes, partitions): the sizes at which the cost is measured."""

WHOLE = (895_000, 1_000)
"""(records, bytes): the size for which the memory limit is stated."""

T = TypeVar("T")


def measure(bench: Bench, progress: Progress, *, count: int, repeats: int, growth: bool) -> Report:
    """Makes all passes; `count`: records of a replay, `growth`: also at other sizes."""
    progress.say("warming the broker up")
    # The broker's JVM compiles the code of a replay; otherwise our first pass would be slower.
    for _ in range(WARM_UPS):
        with_topic(bench, lambda topic: bench.our_replay(topic, count, SIZE))
    ratios, kept = throughput(bench, progress, count, repeats)
    progress.say(f"the checker on {CHECKED:,} records")
    goals = checker.goals(CHECKED) + envelopes.goals()
    for rate in RATES:
        progress.say(f"pacing at {rate}/s")
        ours, theirs = paced(bench, rate)
        kept[f"pacing {rate}/s"] = [*ours]
        ratios.append(clumping(rate, ours, theirs))
        goals += pacing_goals(rate, ours)
    grown = tuple(grow(bench, progress)) if growth else ()
    goals += [
        Goal("peak RSS, generator + verifier, 895,000 x 1 KB", memory_mb(g), "MB", 300.0)
        for g in grown
        if (g.records, g.bytes) == WHOLE
    ]
    at = clock.utc_now().isoformat(timespec="seconds")
    git, host = describe_git(ROOT), describe_host()
    return Report(at, git, host, tuple(ratios), tuple(goals), kept, grown)


def throughput(
    bench: Bench, progress: Progress, count: int, repeats: int
) -> tuple[list[Ratio], dict[str, list[Cost | Pacing]]]:
    """Compares replay and reading with Kafka's tools; also returns every pass of ours."""
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
    return ratios, {"replay": [*ours], "reading": [*our_reads]}


def paced(bench: Bench, rate: int) -> tuple[list[Pacing], Pacing]:
    """Sends at a rate: ours, theirs, ours."""

    def ours(topic: str) -> Pacing:
        return bench.our_pacing(topic, rate, PACED_S)

    def theirs(topic: str) -> Pacing:
        return bench.their_pacing(topic, rate, PACED_S)

    first, other = with_topic(bench, ours), with_topic(bench, theirs)
    return [first, with_topic(bench, ours)], other


def clumping(rate: int, ours: Sequence[Pacing], theirs: Pacing) -> Ratio:
    """Compares how unevenly both send."""
    dispersions = [pacing.dispersion for pacing in ours]
    return at_most(f"clumping at {rate}/s", dispersions, [theirs.dispersion], 0.1)


def pacing_goals(rate: int, ours: Sequence[Pacing]) -> list[Goal]:
    """Returns the worst rate and the worst schedule delay of our passes, with their limits."""
    error = max(pacing.error for pacing in ours) * 100
    delay = max(pacing.lateness_p99_ms or 0.0 for pacing in ours)
    return [
        Goal(f"pacing error at {rate}/s", error, "%", 0.1),
        Goal(f"schedule delay p99 at {rate}/s", delay, "ms", 2.0),
    ]


def grow(bench: Bench, progress: Progress) -> list[Grown]:
    """Measures a replay and its reading at every size of GROWTH."""
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
    """Acts on a new topic, and deletes it."""
    topic = bench.topic()
    try:
        return act(topic)
    finally:
        bench.drop(topic)


def per_s(costs: Sequence[Cost]) -> list[float]:
    """Records a second of each pass."""
    return [cost.per_s for cost in costs]


def cpu(costs: Sequence[Cost]) -> list[float]:
    """Seconds of processor time for a million records, of each pass."""
    return [cost.cpu_s_per_million for cost in costs]


def memory_mb(grown: Grown) -> float:
    """Highest memory of generator and verifier together, in MB."""
    return (grown.replay.peak_rss_bytes + grown.read.peak_rss_bytes) / 1e6
