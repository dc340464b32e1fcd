"""States what one step of an upgrade led to: versions, stalls of clients, and the way back.

version after the step: every part that the step changes reports the version that it should have.
The check can't FAIL. INCONCLUSIVE when a part reports another version or none: then the step was
not taken, and nothing about it was proven.

stall during the step: the longest stall of the producer or of the consumer that overlaps the step,
as recovery.py defines it. The check can't FAIL. INCONCLUSIVE when no record waited.

way back: whether the version before the upgrade serves the data of the version after it. The check
can't FAIL: that it refuses is a result. INCONCLUSIVE when it was not tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from support.checks.judged import measured, not_measured
from support.clock import NS_PER_S
from support.results.schema import Check


def version_after(seen: Mapping[str, str], wanted: Mapping[str, str]) -> Check:
    """States the versions that the parts report. Both: part -> version."""
    now = {part: seen.get(part, "") or "unknown" for part in wanted}
    if now != wanted:
        return not_measured("version after the step", "", _listed(wanted), f"seen: {_listed(now)}")
    return measured("version after the step", _listed(now), "")


def stall_during(stalls_ns: Sequence[int | None]) -> Check:
    """States the longest stall; `stalls_ns` has one for each client, None where nothing waited."""
    waited = [stall for stall in stalls_ns if stall is not None]
    if not waited:
        why = "no record waited during the step"
        return not_measured("stall during the step", "s", "measured (no limit)", why)
    return measured("stall during the step", round(max(waited) / NS_PER_S, 2), "s")


def way_back(refused: str | None) -> Check:
    """States whether there is a way back.

    `refused`: why there is none, empty if there is one, None if it was not tried.
    """
    if refused is None:
        return not_measured("way back", "", "measured (no limit)", "it was not tried")
    return measured("way back", "refused" if refused else "open", "", (refused,) if refused else ())


def _listed(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{part} {version}" for part, version in versions.items())
