"""report: a written document shows every figure of run.json that it has to show.

INCONCLUSIVE when nothing has run yet that it would be about.
"""

from __future__ import annotations

from collections.abc import Sequence

from support.checks.judged import none_of, not_measured
from support.results.schema import Check


def report_complete(document: str, missing: Sequence[str], expected: int) -> Check:
    """Judges a document: how many of the `expected` figures and names are `missing` in it."""
    name, unit = f"{document} report", "figures"
    objective = "0 recorded figures, scenarios or findings missing or different"
    if not expected:
        return not_measured(name, unit, objective, "no scenario of its kind has run yet")
    return none_of(name, unit, objective, missing, (f"{expected} looked for",))
