"""What can still be shown of a run whose run.json is missing, damaged or of another version."""

from __future__ import annotations

from pathlib import Path

import msgspec

from support.errors import Explained
from support.results.schema import (
    SCHEMA_VERSION,
    Git,
    Host,
    Provenance,
    RunResult,
    ScenarioResult,
    Verdict,
    verdict_of_run,
)
from support.results.store import read_run

UNKNOWN = 0.0
"""As the scale: so that nobody takes it for an acceptance result."""


def read_or_salvage(folder: Path) -> RunResult:
    """The run, or what its trials/*.json tell; that one has `trouble`, so it is never a PASS.

    Raises Explained when not one scenario can be read either.
    """
    try:
        return read_run(folder)
    except Explained as error:
        scenarios, unreadable = _trials(folder)
        if not scenarios:
            raise
        why = "; ".join(line.strip() for line in str(error).splitlines())
        trouble = f"{why}. What is shown comes from trials/"
        if unreadable:
            trouble += f"; not readable there: {', '.join(unreadable)}"
        verdicts = [s.verdict for s in scenarios if s.verdict is not Verdict.SKIPPED]
        return RunResult(
            SCHEMA_VERSION,
            folder.resolve().name,
            "?",
            UNKNOWN,
            "?",
            "?",
            0,
            Provenance(Git(None, False), {}, Host("?", 0, 0, "?"), {}, {}),
            verdict_of_run([*verdicts, Verdict.INCONCLUSIVE]),
            tuple(scenarios),
            trouble,
        )


def _trials(folder: Path) -> tuple[list[ScenarioResult], list[str]]:
    """In the order in which they were written, and the names of those that can't be read."""
    scenarios, unreadable = [], []
    for path in sorted((folder / "trials").glob("*.json"), key=lambda path: path.stat().st_mtime):
        try:
            scenarios.append(msgspec.json.decode(path.read_bytes(), type=ScenarioResult))
        except msgspec.MsgspecError:
            unreadable.append(path.name)
    return scenarios, unreadable
