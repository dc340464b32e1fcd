"""Writes every document of a run from its run.json: `python -m support.report.documents DIR`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from support.errors import Explained
from support.report.accepted import ACCEPTED
from support.report.charts.gallery import draw_all, write_all
from support.report.comparison import against_accepted
from support.report.delivery import ABOUT as ABOUT_DELIVERY
from support.report.delivery import delivery_report
from support.report.glossary import glossary_report
from support.report.history import earlier_runs, history_report
from support.report.page.build import LINKS, page
from support.report.performance import ABOUT as ABOUT_PERFORMANCE
from support.report.performance import performance_report
from support.report.recommendations import recommendations_report
from support.report.shown import Beside, runs_of_commands, shown_by
from support.report.traceability import traceability_report
from support.report.upgrade import ABOUT as ABOUT_UPGRADE
from support.report.upgrade import upgrade_report
from support.results.salvage import read_or_salvage
from support.results.schema import RunResult
from support.results.store import write_atomically
from support.results.tuning import read_tuning

DOCUMENTS: tuple[tuple[str, frozenset[str], Callable[[RunResult], str]], ...] = (
    ("performance", ABOUT_PERFORMANCE, performance_report),
    ("delivery", ABOUT_DELIVERY, delivery_report),
    ("upgrade", ABOUT_UPGRADE, upgrade_report),
)
"""Name, tags of which a run must have one, and what writes it from the run."""

WITHOUT = Beside(ACCEPTED)
"""Nothing but the run and the accepted baseline."""

ORDER = (
    "performance",
    "delivery",
    "upgrade",
    "recommendations",
    "comparison",
    "history",
    "traceability",
    "glossary",
)


def write_reports(folder: Path) -> list[Path]:
    """Writes the documents that the run has something for, and their charts; returns the paths.

    Raises Explained when the folder has no readable result.
    """
    run = read_or_salvage(folder)
    beside = Beside(
        ACCEPTED,
        runs_of_commands(folder, run),
        earlier_runs(folder, run),
        read_tuning(folder.resolve().parent),
    )
    charts = draw_all(run.scenarios)
    write_all(charts, folder)
    there = [file for file in LINKS if (folder / file).exists()]
    files = files_of(run, charts, beside, there)
    for name, text in files.items():
        write_atomically(folder / name, text.encode())
    return [folder / name for name in files]


def files_of(
    run: RunResult, charts: Mapping[str, str], beside: Beside, links: Sequence[str]
) -> dict[str, str]:
    """Returns file name -> text of every document and of index.html.

    `links`: files that exist, to which index.html links besides these documents.
    """
    texts = documents_of(run, beside)
    files = {f"{name}.md": text for name, text in texts.items()}
    there = [link for link in LINKS if link in links or link in files]
    return {**files, "index.html": page(run, texts, charts, there, shown_by(run, beside))}


def documents_of(run: RunResult, beside: Beside = WITHOUT) -> dict[str, str]:
    """Returns name -> text of every document that the run has something for."""
    tags = {tag for scenario in run.scenarios for tag in scenario.tags}
    found = {name: write(run) for name, about, write in DOCUMENTS if about & tags}
    found["comparison"] = against_accepted(run, beside.accepted)
    found["traceability"] = traceability_report(run, shown_by(run, beside))
    found["recommendations"] = recommendations_report(run, beside.tuning, beside.accepted)
    found["history"] = history_report([*beside.earlier, run])
    found["glossary"] = glossary_report()
    return {name: found[name] for name in ORDER if found.get(name)}


def main(arguments: list[str]) -> int:
    try:
        for path in write_reports(Path(arguments[0] if arguments else "reports/latest")):
            sys.stdout.write(f"{path}\n")
    except Explained as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
