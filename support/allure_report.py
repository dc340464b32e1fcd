"""The Allure report of a run: `python -m support.allure_report [RUN]`, or `make allure`.

It shows what behave recorded, and also the environment, the meaning of Allure's colours in this
suite (broken is INCONCLUSIVE), and the history of earlier reports.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from support.errors import Explained, StackError
from support.report.allure_results import full_name, judged, labelled, left_out
from support.report.documents import write_reports
from support.results.schema import RunResult
from support.results.store import read_run
from support.settings import Settings
from support.stack.embedded.allure import generate

CATEGORIES = [
    {"name": "Requirements not met (FAIL)", "matchedStatuses": ["failed"]},
    {"name": "Not measured (INCONCLUSIVE)", "matchedStatuses": ["broken"]},
    {"name": "Skipped, with the reason (SKIPPED)", "matchedStatuses": ["skipped"]},
]


def write_allure(run_folder: Path, history: Path, settings: Settings) -> Path:
    """Writes `allure/index.html` into the run's folder, and links it from its index.html.

    `history`: the folder that carries the trend from report to report. Raises StackError when
    behave left no Allure results.
    """
    results = run_folder / "allure-results"
    if not any(results.glob("*-result.json")):
        raise StackError(
            "There are no Allure results.",
            seen=str(results),
            then="make validate, then make allure",
        )
    with tempfile.TemporaryDirectory() as folder:
        staged, many = Path(folder) / "results", Path(folder) / "many"
        _stage(results, staged, read_run(run_folder))
        if history.is_dir():
            shutil.copytree(history, staged / "history")
        # Only a report of many files contains the history for the next one.
        generate(staged, many, settings, single_file=False)
        shutil.copytree(many / "history", history, dirs_exist_ok=True)
        generate(staged, run_folder / "allure", settings, single_file=True)
    write_reports(run_folder)
    return run_folder / "allure" / "index.html"


def _stage(results: Path, staged: Path, run: RunResult) -> None:
    """Copies the results, and adds verdicts, skipped scenarios, categories and environment."""
    shutil.copytree(results, staged)
    missing = {full_name(scenario): scenario for scenario in run.scenarios}
    at_ms = int(datetime.fromisoformat(run.ended).timestamp() * 1000)
    for path in staged.glob("*-result.json"):
        result = json.loads(path.read_text())
        scenario = missing.pop(result["fullName"], None)
        made = judged(result, scenario) if scenario else result
        path.write_text(json.dumps(labelled(made)))
    for scenario in missing.values():
        made = labelled(left_out(scenario, at_ms))
        (staged / f"{made['uuid']}-result.json").write_text(json.dumps(made))
    (staged / "categories.json").write_text(json.dumps(CATEGORIES))
    lines = [f"{name}={value}" for name, value in _environment(run).items()]
    (staged / "environment.properties").write_text("\n".join(lines) + "\n")


def _environment(run: RunResult) -> dict[str, str]:
    about = run.provenance
    return {
        "run": run.run_id,
        "verdict": run.verdict.value,
        "scale": f"{run.scale:g}",
        "target": run.target,
        "commit": str(about.git.commit),
        "host": f"{about.host.system}, {about.host.cpus} cores",
        **about.versions,
        **about.settings,
    }


def main(arguments: list[str]) -> int:
    settings = Settings.load({})
    folder = Path(arguments[0]) if arguments else settings.reports / "latest"
    try:
        sys.stdout.write(f"{write_allure(folder, settings.reports / '.history', settings)}\n")
    except Explained as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
