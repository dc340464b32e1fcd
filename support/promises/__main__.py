"""Writes docs/checks.md: `python -m support.promises`."""

from __future__ import annotations

from pathlib import Path

from support.promises.registry import ENTRIES
from support.promises.seen import seen_by_check
from support.promises.table import document

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "checks.md"


def current() -> str:
    """Returns the document that belongs to the present definitions and tests."""
    return document(ENTRIES, seen_by_check(ROOT / "tests" / "contract", ROOT))


if __name__ == "__main__":
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(current())
