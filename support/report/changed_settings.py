"""Differences between two runs other than their figures: versions, settings, defaults of Kafka."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from support.report.words import NOT_MEASURED, table
from support.results.schema import RunResult

DEFAULTS = "broker defaults"
PLACES = (
    "listener",
    "advertised.",
    "controller.quorum.",
    "controller.listener",
    "log.dir",
    "metadata.log.dir",
    "node.id",
    "broker.id",
    "database.",
)
"""Prefixes of settings that say where a part runs, and differ from run to run."""

SHOWN = 40
"""Names that are listed; of more, the number is given."""


def changed_settings(base: RunResult, now: RunResult) -> list[str]:
    """Returns the section of comparison.md; empty when both runs have the same settings."""
    rows = [*_rows(base, now)]
    lines = table(("part", "setting", "base", "now"), rows).splitlines() if rows else []
    lines += _only_in(base, now)
    if not lines:
        return []
    return [
        "## What else differs",
        "",
        "Each of these can be the cause of a difference.",
        "",
        *lines,
    ]


def _rows(base: RunResult, now: RunResult) -> Iterator[tuple[str, str, str, str]]:
    before, after = base.provenance, now.provenance
    yield from _changed("version", before.versions, after.versions)
    yield from _changed("-D", before.settings, after.settings)
    for part in sorted({*before.in_force, *after.in_force}):
        one, other = before.in_force.get(part, {}), after.in_force.get(part, {})
        # A part that only one of the runs recorded says nothing about a difference.
        if part == DEFAULTS or not one or not other:
            one, other = _common(one, other)
        yield from _changed(part, one, other)


def _changed(
    part: str, one: Mapping[str, str], other: Mapping[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    for name in sorted({*one, *other}):
        before, after = one.get(name, NOT_MEASURED), other.get(name, NOT_MEASURED)
        if before != after and not name.startswith(PLACES):
            yield part, name, before, after


def _common(
    one: Mapping[str, str], other: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Returns the entries whose names both have."""
    names = one.keys() & other.keys()
    return {name: one[name] for name in names}, {name: other[name] for name in names}


def _only_in(base: RunResult, now: RunResult) -> list[str]:
    """Returns a paragraph for the settings that only one of the brokers knows."""
    known = [
        run.provenance.in_force.get(DEFAULTS, {}).keys()
        | run.provenance.in_force.get("broker", {}).keys()
        for run in (base, now)
    ]
    if not all(run.provenance.in_force.get(DEFAULTS) for run in (base, now)):
        return []
    found = (("base", known[0] - known[1]), ("this run", known[1] - known[0]))
    return [
        line
        for name, names in found
        if names
        for line in ("", f"Settings that only the broker of {name} knows: {_listed(names)}.")
    ]


def _listed(names: set[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in sorted(names)[:SHOWN])
    more = len(names) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
