"""Writes docs/checks.md: `python -m support.checks.catalogue`."""

from __future__ import annotations

from pathlib import Path

from support.checks.catalogue import ENTRIES
from support.checks.catalogue.seen import seen_by_check
from support.checks.catalogue.table import document

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs" / "checks.md"


def current() -> str:
    """The document as it has to be now."""
    return document(ENTRIES, seen_by_check(ROOT / "tests" / "contract", ROOT))


if __name__ == "__main__":
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(current())
