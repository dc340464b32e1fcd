"""The description of a check, for docs/checks.md."""

from __future__ import annotations

from dataclasses import dataclass

NEVER = "never"
"""`inconclusive` starts with it for a check that can always be judged."""


@dataclass(frozen=True)
class Words:
    """The description of a check. A name with <word> stands for several, one for each word."""

    name: str
    topic: str
    """Its table in docs/checks.md: delivery, cdc, performance, edge or reports."""
    definition: str
    needs: str
    """The data that it is judged from, or the capability that the stack needs."""
    fails: str
    """When it is FAIL; empty for a check that can't fail."""
    inconclusive: str
    """When it is INCONCLUSIVE."""
    deviates: str = ""
    """When it is DEVIATION; empty for a check without a documented cause for a missed limit."""
    measures: str = ""
    """When it is MEASURED; empty for a check that always has a limit."""

    @property
    def can_fail(self) -> bool:
        """Whether the check can be FAIL."""
        return bool(self.fails)
