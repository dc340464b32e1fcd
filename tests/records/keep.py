"""Keeps a run as a fixture: `python -m tests.records.keep RUN FOLDER [SCENARIO ...]`.

Copies run.json and the records of its scenarios, all or those whose names contain one of the words.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

from support.promises.replay import LEDGER
from support.results.schema import verdict_of_run
from support.results.store import ResultsStore, file_name, read_run

LEFT_OUT = ("*.log", "reader", "load", "load-*", "first", "second", "warm-up")
"""Files that are not part of the record: logs, and what processes wrote meanwhile."""


def main(run_folder: Path, folder: Path, words: list[str]) -> None:
    """Copies a run, or some of its scenarios."""
    run = read_run(run_folder)
    chosen = tuple(
        each for each in run.scenarios if not words or any(word in each.name for word in words)
    )
    verdict = verdict_of_run([each.verdict for each in chosen])
    shutil.rmtree(folder, ignore_errors=True)
    ResultsStore(folder).write_run(replace(run, scenarios=chosen, verdict=verdict))
    for scenario in chosen:
        name = file_name(scenario.feature, scenario.name)
        shutil.copytree(
            run_folder / LEDGER / name,
            folder / LEDGER / name,
            ignore=shutil.ignore_patterns(*LEFT_OUT),
        )
    for path in folder.rglob("*.json"):
        path.write_text(path.read_text().replace(str(run_folder.resolve().parents[1]), "/clone"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
