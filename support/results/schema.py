"""The content of run.json and trials/*.json: the results of a run and of its scenarios.

`store.py` writes and reads them; every report is made from them. A change that an older reader
would misunderstand raises SCHEMA_VERSION.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from support.results.cdc import CdcFigures, SnapshotFigures
from support.results.consumer_lag import LagFigures
from support.results.cross_check import LatencyCrossCheck, ReadingCrossCheck
from support.results.delivery import Delivery
from support.results.differences import SettingDifference
from support.results.latency import Latency, SeriesPoint
from support.results.limit import Limit
from support.results.load import Backpressure, ClientSplit, Load, Stability
from support.results.recovery import Fault, Recovery
from support.results.resources import BrokerJmx, ComponentUsage
from support.results.sizes import SizeOutcome
from support.results.upgrade import UpgradeStep

SCHEMA_VERSION = 4
"""Version 2 added the verdicts DEVIATION and MEASURED, and Check.deviation; version 3 Check.limit,
version 4 other names of checks and keys (renamed.py). Runs of older versions can still be read;
checks of versions 1 and 2 have no limit."""


class Verdict(Enum):
    """The outcome of a check, of a scenario or of a run.

    PASS: the limit was kept. DEVIATION: the limit was missed for a documented cause, which was
    proven. MEASURED: a figure without a limit. FAIL: the limit was missed. INCONCLUSIVE: it could
    not be measured. SKIPPED: left out for a stated reason.
    """

    PASS = "PASS"
    DEVIATION = "DEVIATION"
    MEASURED = "MEASURED"
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    SKIPPED = "SKIPPED"


OF_SCENARIOS = tuple(verdict for verdict in Verdict if verdict is not Verdict.MEASURED)
"""The verdicts that a scenario can have."""

GREEN = frozenset({Verdict.PASS, Verdict.DEVIATION, Verdict.MEASURED})
"""The verdicts of a check that leave its scenario green."""

QUIET = frozenset({Verdict.PASS, Verdict.MEASURED})
"""The verdicts of a check that need no explanation."""

_SEVERITY = (
    Verdict.SKIPPED,
    Verdict.MEASURED,
    Verdict.PASS,
    Verdict.DEVIATION,
    Verdict.INCONCLUSIVE,
    Verdict.FAIL,
)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Returns the most severe verdict: FAIL before any other, SKIPPED last.

    INCONCLUSIVE when there is none.
    """
    return max(verdicts, key=_SEVERITY.index) if verdicts else Verdict.INCONCLUSIVE


def verdict_of_run(scenarios: Sequence[Verdict]) -> Verdict:
    """Returns the worst verdict of the scenarios; a DEVIATION counts as PASS."""
    verdict = worst(scenarios)
    return Verdict.PASS if verdict is Verdict.DEVIATION else verdict


@dataclass(frozen=True)
class Check:
    """One judged statement. `objective` states in words what was expected."""

    name: str
    verdict: Verdict
    measured: float | int | str | None
    unit: str
    objective: str
    evidence: tuple[str, ...] = ()
    deviation: str = ""
    """For a DEVIATION: what the specification requires, what was measured, and the cause."""
    limit: Limit | None = None
    """The limit for `measured`; None where the verdict has no single numeric limit."""

    @property
    def used(self) -> float | None:
        """The share of the limit that was used; None where it has no meaning."""
        comparable = self.limit is not None and self.limit.unit == self.unit
        if not comparable or self.limit is None or not isinstance(self.measured, int | float):
            return None
        return self.limit.used(self.measured)


@dataclass(frozen=True)
class ScenarioResult:
    """One scenario: what it required, what was measured, and the verdict."""

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
    """Names of the checks that the scenario requires; the others only inform."""
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
    latency_cross_check: LatencyCrossCheck | None = None
    reading_cross_check: ReadingCrossCheck | None = None
    startups: tuple[Mapping[str, float], ...] = ()
    """For each start of a broker: milestone -> seconds. A cold start includes the formatting."""
    cdc: CdcFigures | None = None
    snapshot: SnapshotFigures | None = None
    lag: LagFigures | None = None
    sizes: tuple[SizeOutcome, ...] = ()
    differences: tuple[SettingDifference, ...] = ()
    """Settings of a stack of others that differ from the Baseline Configuration."""
    upgrade: UpgradeStep | None = None
    notes: tuple[str, ...] = ()
    """Facts that a reader needs in addition to the figures: a known limit, a remedy."""
    series: tuple[SeriesPoint, ...] = ()
    log_lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Part of the stack -> lines of its log, written during the scenario, that matter."""
    client_errors: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Client (producer, or a consumer's name) -> error that it reported -> how often."""


@dataclass(frozen=True)
class Git:
    """The version of the suite's source; `commit` is None outside a repository.

    `dirty`: with changes that are not committed.
    """

    commit: str | None
    dirty: bool


@dataclass(frozen=True)
class Host:
    """The machine of a run, without which its absolute figures mean nothing."""

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
    """Part of the baseline -> setting -> value, as read back from Kafka and Connect or as used."""
    stack_ready_s: float | None = None
    """Time to start the stack, downloads included; near 0 when one was up already."""
    first_scenario_s: float | None = None
    """From the start of the command to its first scenario."""
    stack_stop_s: float | None = None
    stack_memory_bytes: int | None = None
    """RSS of all parts together: the highest sample under load or after a scenario."""
    started_by: str = ""
    """The command that started the run, if it was one of make: `make validate`."""
    selection: tuple[str, ...] = ()
    """Options of behave that select scenarios, such as `--tags @delivery`; empty for all."""


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
    """Why the run as a whole is not valid: it was cut off, or failed outside the scenarios."""
