"""What the catalogue says of a check."""

from __future__ import annotations

from dataclasses import dataclass

NEVER = "never"
"""How `inconclusive` begins for a check that always has what it needs."""


@dataclass(frozen=True)
class CheckEntry:
    """One check, in words. A name with <word> in it stands for several, one for each word."""

    name: str
    topic: str
    """delivery, cdc, performance, edge or reports: the table in docs/checks.md."""
    definition: str
    needs: str
    """The data, or the capability of the stack, that it is judged by."""
    fails: str
    """When it is FAIL; empty for a check that can't fail."""
    inconclusive: str
    """When it is INCONCLUSIVE."""
    deviates: str = ""
    """When it is DEVIATION; empty for a check that has no documented cause to miss its limit."""
    measures: str = ""
    """When it is MEASURED; empty for a check that always has a limit."""

    @property
    def can_fail(self) -> bool:
        return bool(self.fails)
