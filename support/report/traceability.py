"""traceability.md: every requirement of the specification, and what this run proves of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from support.report.heading import heading
from support.report.proof import Proof, proofs
from support.report.shown import Shown
from support.report.words import MARKS, in_cell, passed_of, table
from support.results.schema import GREEN, RunResult, ScenarioResult, Verdict
from support.results.units import counted

HEAD = ("verdict", "requirement", "what it asks for", "proven by")


def traceability_report(run: RunResult, shown: Mapping[str, Shown]) -> str:
    """Returns a row for each requirement, with its scenarios folded; what is not met comes first.

    `shown`: what the run itself shows of requirements that no scenario is about.
    """
    found = proofs(run, shown)
    rows = map(_row, sorted(found, key=lambda proof: proof.met))
    lines = heading("Requirements and what proves them", run)
    return "\n".join([*lines, _summary(found), "", table(HEAD, rows), ""])


def _summary(found: Sequence[Proof]) -> str:
    """Counts the requirements by their outcome, and names those that are not met in full."""
    with_scenarios = [proof for proof in found if not proof.by_run]
    met = [proof for proof in found if proof.met]
    deviating = [proof for proof in met if proof.verdict is Verdict.DEVIATION]
    not_run = [proof for proof in with_scenarios if proof.verdict is Verdict.SKIPPED]
    parts = [
        _counts(len(found), met),
        _named("Not met", [p for p in found if p.verdict is Verdict.FAIL]),
        _named("Not decided", [p for p in found if p.verdict is Verdict.INCONCLUSIVE]),
        _named("With a deviation from the specification", deviating),
        _named("Met in part", [proof for proof in met if proof.in_part]),
        _named("No scenario of this run proves", not_run),
        _named("Not shown by this run", [p for p in found if p.by_run and not p.met]),
    ]
    return " ".join(filter(None, parts))


def _counts(total: int, met: Sequence[Proof]) -> str:
    """Writes how many are met; one with a deviation that is met in part counts as in part."""
    in_part = sum(proof.in_part for proof in met)
    deviating = sum(p.verdict is Verdict.DEVIATION and not p.in_part for p in met)
    fully = len(met) - in_part - deviating
    parts = [f"{fully} of {total} requirements are met in this run"]
    parts += [f"{deviating} more with a deviation"] * bool(deviating)
    parts += [f"{in_part} more in part"] * bool(in_part)
    return f"{', '.join(parts)}."


def _named(what: str, found: Sequence[Proof]) -> str:
    return f"{what}: {', '.join(proof.name for proof in found)}." if found else ""


def _row(proof: Proof) -> tuple[str, ...]:
    return proof.mark, proof.name, proof.asks, _proven_by(proof)


def _proven_by(proof: Proof) -> str:
    """Returns the remark, and the scenarios in a fold; those that did not pass come first."""
    if not proof.scenarios:
        return proof.remark
    count = counted(len(proof.scenarios), "scenarios")
    open_ = sum(s.verdict not in GREEN for s in proof.scenarios)
    summary = f"{count}, {open_} not passed" if open_ else count
    ordered = sorted(proof.scenarios, key=lambda s: s.verdict is Verdict.PASS)
    listed = "<br>".join(map(_scenario, ordered))
    fold = f"<details><summary>{summary}</summary>{listed}</details>"
    return f"{proof.remark} {fold}".lstrip()


def _scenario(s: ScenarioResult) -> str:
    where = f" `{s.location}`" if s.location else ""
    text = in_cell(f"{MARKS[s.verdict]} {s.name}{where}: {_checks(s)}")
    return text.replace("<", "&lt;")


def _checks(scenario: ScenarioResult) -> str:
    """How many checks passed, how many only measure, and the names of those that did not pass."""
    if scenario.verdict is Verdict.SKIPPED:
        return "skipped: " + scenario.reason.partition("\n")[0]
    judged = [c for c in scenario.checks if c.verdict is not Verdict.MEASURED]
    others = [f"{c.name} ({c.verdict.value})" for c in judged if c.verdict is not Verdict.PASS]
    figures = len(scenario.checks) - len(judged)
    counts = passed_of(judged, "checks") if judged else "no check with a limit"
    counts += f", {figures} measured" if figures else ""
    return f"{counts}; not passed: {', '.join(others)}" if others else counts
