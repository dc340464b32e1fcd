"""Figures with their units, in the singular or the plural."""

from __future__ import annotations

LONGEST_SYMBOL = 2
"""Units of at most two letters (s, ms, MB) are symbols and have no plural."""


def counted(count: int, unit: str) -> str:
    """Writes a count with its unit, which is given in the plural: `1 record`, `2,000 records`."""
    return f"{count:,} {singular(unit) if count == 1 else unit}"


def in_words(value: float | str, unit: str) -> str:
    """Writes a value as it is, with its unit, which is given in the plural."""
    return f"{value} {singular(unit) if value == 1 else unit}".rstrip()


def singular(unit: str) -> str:
    """Returns the singular of every plural in a unit: `wrong settings` -> `wrong setting`."""
    return " ".join(_singular_word(word) for word in unit.split(" "))


def _singular_word(word: str) -> str:
    if len(word) <= LONGEST_SYMBOL or word.endswith("ss") or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes")) else word[:-1]
