"""The Allure report of a run: `python -m support.allure_report [RUN]`, or `make allure`.

Beside what behave recorded, Allure is told the environment, what its colours mean here (broken is
INCONCLUSIVE), and the history of the reports that were made before.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from support.errors import Explained, StackError
from support.results.schema import RunResult
from support.results.store import read_run
from support.settings import Settings
from support.stack.embedded.allure import generate

CATEGORIES = [
    {"name": "Broken promises (FAIL)", "matchedStatuses": ["failed"]},
    {"name": "Not measured (INCONCLUSIVE)", "matchedStatuses": ["broken"]},
    {"name": "Left out, with the reason (SKIPPED)", "matchedStatuses": ["skipped"]},
]


def write_allure(run_folder: Path, history: Path, settings: Settings) -> Path:
    """`allure/index.html` in the run's folder; `history` is carried from report to report."""
    results = run_folder / "allure-results"
    if not any(results.glob("*-result.json")):
        raise StackError(
            "There are no Allure results.",
            seen=str(results),
            then="make validate, then make allure",
        )
    (results / "categories.json").write_text(json.dumps(CATEGORIES))
    lines = [f"{name}={value}" for name, value in _environment(read_run(run_folder)).items()]
    (results / "environment.properties").write_text("\n".join(lines) + "\n")
    if history.is_dir():
        shutil.copytree(history, results / "history", dirs_exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        # Only the report in many files has the history for the next one.
        generate(results, Path(folder) / "many", settings, single_file=False)
        shutil.copytree(Path(folder) / "many" / "history", history, dirs_exist_ok=True)
    generate(results, run_folder / "allure", settings, single_file=True)
    return run_folder / "allure" / "index.html"


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
