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
    """Write a figure; a dash where it was not measured or has too few samples."""
    return NOT_MEASURED if value is None else f"{value:,.{digits}f}"


def measured(check: Check) -> str:
    """Write what a check measured, with its unit."""
    value = check.measured
    if value is None:
        return NOT_MEASURED
    if isinstance(value, str):
        return f"{value} {check.unit}".rstrip()
    return f"{value:,} {singular(check.unit) if value == 1 else check.unit}".rstrip()


def sentences(*texts: str) -> list[str]:
    """Return a paragraph of the texts that are not empty; nothing when all are."""
    paragraph = " ".join(filter(None, texts))
    return [paragraph, ""] if paragraph else []


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(in_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def in_cell(text: str) -> str:
    """Replace pipes and newlines, which would end the cell or the row."""
    return " ".join(text.replace("|", "/").splitlines())
