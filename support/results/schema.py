"""The language between running and reporting: what run.json and trials/*.json contain.

Frozen records, written by `store.py` and read by every report. A change that an old reader
would misunderstand raises SCHEMA_VERSION.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from support.results.limit import Limit
from support.results.measurements import (
    Backpressure,
    BrokerJmx,
    CdcFigures,
    ClientSplit,
    ComponentUsage,
    Delivery,
    Fault,
    LagFigures,
    Latency,
    Load,
    Recovery,
    SecondOpinion,
    SecondReading,
    SeriesPoint,
    SizeOutcome,
    SnapshotFigures,
    Stability,
)

SCHEMA_VERSION = 3
"""2: the verdicts DEVIATION and MEASURED, and Check.deviation. 3: Check.limit. Runs of versions 1
and 2 can be read: their checks have no limit."""


class Verdict(Enum):
    """The outcome of a check, of a scenario or of a run.

    PASS: a limit was kept. DEVIATION: the limit was missed for a documented cause that was proven.
    MEASURED: a figure without a limit. FAIL: a broken promise. INCONCLUSIVE: it could not be
    measured. SKIPPED: left out for a stated reason.
    """

    PASS = "PASS"
    DEVIATION = "DEVIATION"
    MEASURED = "MEASURED"
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    SKIPPED = "SKIPPED"


OF_SCENARIOS = tuple(verdict for verdict in Verdict if verdict is not Verdict.MEASURED)
"""Verdicts that a scenario can have."""

GREEN = frozenset({Verdict.PASS, Verdict.DEVIATION, Verdict.MEASURED})
"""Verdicts of a check that leave its scenario green."""

QUIET = frozenset({Verdict.PASS, Verdict.MEASURED})
"""Verdicts of a check that need no explanation."""

_SEVERITY = (
    Verdict.SKIPPED,
    Verdict.MEASURED,
    Verdict.PASS,
    Verdict.DEVIATION,
    Verdict.INCONCLUSIVE,
    Verdict.FAIL,
)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The most severe verdict, FAIL first and SKIPPED last; INCONCLUSIVE when there is none."""
    return max(verdicts, key=_SEVERITY.index) if verdicts else Verdict.INCONCLUSIVE


def verdict_of_run(scenarios: Sequence[Verdict]) -> Verdict:
    """The worst of the scenarios; deviations leave a run green."""
    verdict = worst(scenarios)
    return Verdict.PASS if verdict is Verdict.DEVIATION else verdict


@dataclass(frozen=True)
class Check:
    """One judged statement. `objective` states the limit in words, with its unit."""

    name: str
    verdict: Verdict
    measured: float | int | str | None
    unit: str
    objective: str
    evidence: tuple[str, ...] = ()
    deviation: str = ""
    """For the verdict DEVIATION: what the specification wants, what was seen, and the cause."""
    limit: Limit | None = None
    """What `measured` was compared with; None where the verdict has no single numeric limit."""


@dataclass(frozen=True)
class ScenarioResult:
    """One scenario: what it claims, what was measured, and the verdict."""

    feature: str
    name: str
    tags: tuple[str, ...]
    verdict: Verdict
    reason: str
    duration_s: float
    location: str = ""
    """Feature file and line."""
    checks: tuple[Check, ...] = ()
    promises: tuple[str, ...] = ()
    """Names of the checks that the scenario promises; the others only inform."""
    load: Load | None = None
    latency: Latency | None = None
    resources: Mapping[str, ComponentUsage] = field(default_factory=dict)
    recovery: Recovery | None = None
    faults: tuple[Fault, ...] = ()
    delivery: Delivery | None = None
    client: ClientSplit | None = None
    backpressure: Backpressure | None = None
    stability: Stability | None = None
    jmx: BrokerJmx | None = None
    second_opinion: SecondOpinion | None = None
    second_reading: SecondReading | None = None
    startups: tuple[Mapping[str, float], ...] = ()
    """Of each start of a broker: seconds to each milestone, a cold one's formatting included."""
    cdc: CdcFigures | None = None
    snapshot: SnapshotFigures | None = None
    lag: LagFigures | None = None
    sizes: tuple[SizeOutcome, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader has to know beside the figures: a documented deviation, a remedy."""
    series: tuple[SeriesPoint, ...] = ()
    log_lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Part of the stack -> what it logged meanwhile that matters."""
    client_errors: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Client (producer, or a consumer's name) -> error that it reported -> how often."""


@dataclass(frozen=True)
class Git:
    """Which source this was; `dirty` with changes not committed. None outside a repository."""

    commit: str | None
    dirty: bool


@dataclass(frozen=True)
class Host:
    """The machine: absolute figures mean nothing without it."""

    system: str
    cpus: int
    memory_bytes: int
    python: str


@dataclass(frozen=True)
class Provenance:
    """Everything that could explain a difference between two runs."""

    git: Git
    versions: Mapping[str, str]
    host: Host
    settings: Mapping[str, str]
    in_force: Mapping[str, Mapping[str, str]]
    """Part of the baseline -> key -> value as read back from Kafka and Connect, or as used."""
    stack_ready_s: float | None = None
    """To start the stack, downloads included; near 0 when one was up already."""
    first_scenario_s: float | None = None
    """From the start of the command to its first scenario."""
    stack_stop_s: float | None = None
    stack_memory_bytes: int | None = None
    """RSS of all parts together: the highest of the samples under load and after scenarios."""


@dataclass(frozen=True)
class RunResult:
    """A whole run."""

    schema_version: int
    run_id: str
    target: str
    scale: float
    started: str
    ended: str
    seed: int
    provenance: Provenance
    verdict: Verdict
    scenarios: tuple[ScenarioResult, ...]
    trouble: str = ""
    """Why the run as a whole can't be trusted: cut off, or an error outside the scenarios."""
