"""Recovers the results of a run whose run.json is missing, damaged or of another version."""

from __future__ import annotations

from pathlib import Path

import msgspec

from support.errors import Explained
from support.results.renamed import SINCE_4, renamed
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
"""The scale of a salvaged run: no scale of a run, so that it is no acceptance result."""


def read_or_salvage(folder: Path) -> RunResult:
    """Returns the run, or a run made of the scenarios in trials/*.json.

    The latter has `trouble` and is never a PASS. Raises Explained when no scenario can be read.
    """
    try:
        return read_run(folder)
    except Explained as error:
        scenarios, unreadable = _trials(folder)
        if not scenarios:
            raise
        why = "; ".join(line.strip() for line in str(error).splitlines())
        trouble = f"{why}. The figures come from trials/ instead"
        if unreadable:
            trouble += f"; these files can't be read: {', '.join(unreadable)}"
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
    """Returns the scenarios in the order of writing, and the files that can't be read."""
    scenarios, unreadable = [], []
    for path in sorted((folder / "trials").glob("*.json"), key=lambda path: path.stat().st_mtime):
        try:
            scenarios.append(
                msgspec.json.decode(renamed(path.read_bytes(), SINCE_4), type=ScenarioResult)
            )
        except msgspec.MsgspecError:
            unreadable.append(path.name)
    return scenarios, unreadable
