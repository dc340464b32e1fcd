"""upgrade.md: what each step of an upgrade led to, the way back, and whether to upgrade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from support.report import tags
from support.report.document import scenario_part
from support.report.heading import heading
from support.report.words import MARKS, NOT_MEASURED, number, table
from support.results.schema import GREEN, RunResult, ScenarioResult, Verdict
from support.results.units import counted
from support.results.upgrade import METADATA, ChangedDefault, UpgradeStep

ABOUT = frozenset({tags.UPGRADE})
"""Tags of the scenarios that the report is about."""

SHOWN = 40
"""Names of settings that are listed; of more, the number is given."""
NAMES = {"kafka": "Kafka", "connect": "Connect", "debezium": "Debezium"}
HEAD = (
    "verdict",
    "step",
    "before",
    "after",
    "producer stall s",
    "consumer stall s",
    "CDC stall s",
    "started s",
)
LEGEND = (
    "Stalls: the longest time in which a record or a change waited and none was acknowledged, "
    "delivered or shown. Started: from the start of the part, with the copy of its data, to the "
    "proof that it serves."
)


def upgrade_report(run: RunResult) -> str:
    """Returns the verdict, a row for each step, the way back, what changed, and every scenario."""
    ran = [s for s in run.scenarios if ABOUT & set(s.tags) and s.verdict is not Verdict.SKIPPED]
    if not ran:
        return ""
    steps = [s.upgrade for s in ran if s.upgrade]
    lines = [*heading(_title(run), run), verdict_sentence(ran), ""]
    lines += ["## Steps", "", table(HEAD, map(_row, ran)), "", LEGEND, ""]
    forward = [step for step in steps if step.refused is None]
    lines += [*_way_back(ran), *_keys(forward), *_defaults(forward)]
    return "\n".join([*lines, *(line for s in ran for line in scenario_part(s))])


def verdict_sentence(scenarios: Sequence[ScenarioResult]) -> str:
    """Returns `go`, `go, with these changes`, `don't` or `not decided`, with the reason."""
    failed = [s.name for s in scenarios if s.verdict is Verdict.FAIL]
    open_ones = [s.name for s in scenarios if s.verdict not in GREEN and s.name not in failed]
    if failed:
        return f"**Don't upgrade.** A step broke a promise: {'; '.join(failed)}."
    if open_ones:
        return f"**Not decided.** A step could not be judged: {'; '.join(open_ones)}."
    forward = [s.upgrade for s in scenarios if s.upgrade and s.upgrade.refused is None]
    if missing := _not_taken(forward):
        return f"**Not decided.** Steps that this run did not take: {', '.join(missing)}."
    kept = f"{counted(len(scenarios), 'steps')}: none lost a message or a database change."
    warnings = {each for step in forward for each in step.warnings}
    if warnings:
        keys = counted(len(warnings), "warnings")
        return f"**Go, with these changes.** {kept} First see the {keys} about keys of `baseline/`."
    return f"**Go.** {kept} No key of `baseline/` has to change."


def _not_taken(steps: Sequence[UpgradeStep]) -> list[str]:
    """Returns the steps of an upgrade that are missing. Only the finalising starts nothing."""
    taken = {
        "the broker": any(each.before["kafka"] != each.after["kafka"] for each in steps),
        METADATA: any(each.startup_s is None for each in steps),
        "Kafka Connect": any(each.before["connect"] != each.after["connect"] for each in steps),
    }
    return [name for name, done in taken.items() if not done]


def _title(run: RunResult) -> str:
    asked, versions = run.provenance.settings, run.provenance.versions
    before = f"Kafka {versions.get('kafka', '?')} with Debezium {versions.get('debezium', '?')}"
    after = f"Kafka {asked.get('kafka_to', '?')} with Debezium {asked.get('debezium_to', '?')}"
    return f"Upgrade from {before} to {after}"


def _row(scenario: ScenarioResult) -> tuple[str, ...]:
    step = scenario.upgrade
    if step is None:
        return (MARKS[scenario.verdict], scenario.name, *[NOT_MEASURED] * (len(HEAD) - 2))
    stalls = (step.producer_stall_s, step.consumer_stall_s, step.cdc_stall_s, step.startup_s)
    return (
        MARKS[scenario.verdict],
        step.step,
        _versions(step.before),
        _versions(step.after),
        *(number(each) for each in stalls),
    )


def _versions(seen: Mapping[str, str]) -> str:
    parts = [f"{name} {seen[part]}" for part, name in NAMES.items() if seen.get(part)]
    level = f", {METADATA} level {seen[METADATA]}" if seen.get(METADATA) else ""
    return f"{', '.join(parts)}{level}"


def _way_back(scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
    tried = [(s, s.upgrade) for s in scenarios if s.upgrade and s.upgrade.refused is not None]
    if not tried:
        return
    yield from ("## The way back", "")
    for scenario, step in tried:
        found = f"closed: {step.refused}" if step.refused else "open: it served all data"
        yield f"- {scenario.name.partition(' loses ')[0]}: {found}."
    yield ""


def _keys(steps: Sequence[UpgradeStep]) -> list[str]:
    found = dict.fromkeys(each for step in steps for each in step.warnings)
    lines = ["## Keys of `baseline/`", ""]
    if not found:
        return [*lines, "None is refused, unknown or deprecated, by the logs of the steps.", ""]
    return [*lines, *(f"- {each}" for each in found), ""]


def _defaults(steps: Sequence[UpgradeStep]) -> list[str]:
    """Returns the defaults that changed; of settings that one version lacks only the names."""
    found = list(dict.fromkeys(each for step in steps for each in step.changed_defaults))
    rows = [
        (each.part, f"`{each.setting}`", each.before, each.after)
        for each in found
        if each.before is not None and each.after is not None
    ]
    lines = ["## Changed defaults", ""]
    if rows:
        lines += [table(("part", "setting", "before", "after"), rows), ""]
    lines += _only("New", [each for each in found if each.before is None])
    lines += _only("Gone", [each for each in found if each.after is None])
    return lines if found else [*lines, "None, as the parts report them.", ""]


def _only(word: str, found: Sequence[ChangedDefault]) -> list[str]:
    names = ", ".join(f"`{each.setting}` ({each.part})" for each in found[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return [f"{word} settings with a default: {names}{more}.", ""] if found else []
