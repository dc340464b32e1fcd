"""Figures, verdicts and tables as readers see them in every document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from support.results.schema import Check, Verdict

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
LONGEST_SYMBOL = 2
"""Units of at most two letters (s, ms, MB) are symbols and have no plural."""


def number(value: float | None, digits: int = 2) -> str:
    """Write a figure; a dash where it was not measured or has too few samples."""
    return NOT_MEASURED if value is None else f"{value:,.{digits}f}"


def counted(count: int, unit: str) -> str:
    """Write a count with its unit, which is given in the plural: `1 record`, `2 records`."""
    return f"{count:,} {singular(unit) if count == 1 else unit}"


def singular(unit: str) -> str:
    """Return the singular of every plural in a unit: `wrong settings` -> `wrong setting`."""
    return " ".join(_singular_word(word) for word in unit.split(" "))


def _singular_word(word: str) -> str:
    if len(word) <= LONGEST_SYMBOL or word.endswith("ss") or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes")) else word[:-1]


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
