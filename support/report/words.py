"""Figures, verdicts and tables as readers see them in every document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from support.results.schema import Check, Verdict
from support.results.units import singular

# Without emoji: machines without a font for them show empty boxes.
MARKS = {
    Verdict.PASS: "✔ PASS",
    Verdict.DEVIATION: "⚠ DEVIATION",
    Verdict.MEASURED: "• MEASURED",
    Verdict.FAIL: "✖ FAIL",
    Verdict.INCONCLUSIVE: "? INCONCLUSIVE",
    Verdict.SKIPPED: "– SKIPPED",
}
NOT_MEASURED = "–"


def number(value: float | None, digits: int = 2) -> str:
    """Writes a figure; a dash where it was not measured or has too few samples."""
    # 0.0 turns -0.0 into 0.0.
    return NOT_MEASURED if value is None else f"{round(value, digits) + 0.0:,.{digits}f}"


def measured(check: Check) -> str:
    """Writes what a check measured, with its unit."""
    value = check.measured
    if value is None:
        return NOT_MEASURED
    if isinstance(value, str):
        return f"{value} {check.unit}".rstrip()
    return f"{value:,} {singular(check.unit) if value == 1 else check.unit}".rstrip()


def passed_of(judged: Sequence[Check], what: str) -> str:
    """Returns, for example, `7 of 7 checks passed`, or `2 of 3 checks passed, 1 deviates`."""
    passed = sum(check.verdict is Verdict.PASS for check in judged)
    deviating = sum(check.verdict is Verdict.DEVIATION for check in judged)
    verb = "deviates" if deviating == 1 else "deviate"
    deviations = f", {deviating} {verb}" if deviating else ""
    return f"{passed} of {len(judged)} {what} passed{deviations}"


def sentences(*texts: str) -> list[str]:
    """Returns a paragraph of the texts that are not empty; nothing when all are."""
    paragraph = " ".join(filter(None, texts))
    return [paragraph, ""] if paragraph else []


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Returns a markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(in_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def in_cell(text: str) -> str:
    """Replaces pipes and newlines, which would end the cell or the row."""
    return " ".join(text.replace("|", "/").splitlines())
