"""The documents of one fixed run, word for word. After an intended change:

python -m tests.report.test_golden
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from support.report.comparison import comparison
from support.report.documents import files_of
from support.report.figures import figures_of
from support.report.shown import Beside
from support.results.recovery import Recovery
from support.results.schema import RunResult
from tests.report.more_examples import MORE, SKIPPED
from tests.results.examples import BEHIND, RESTART, RUN, SNAPSHOT, STARTS, THROUGHPUT

GOLDEN = Path(__file__).parent / "golden"
EVERY = dataclasses.replace(RUN, scenarios=(THROUGHPUT, RESTART, SNAPSHOT, STARTS, BEHIND, *MORE))

QUICK = dataclasses.replace(BEHIND, name=SKIPPED.name, recovery=Recovery(0.5, None, 0.5))
"""A scenario of the base run that this run skips."""


def written(run: RunResult) -> dict[str, str]:
    earlier = dataclasses.replace(run, run_id="20261123-120000-1")
    beside = Beside(GOLDEN / "no accepted figures", earlier=[earlier])
    files = files_of(run, {}, beside, ["run.json"])
    base = dataclasses.replace(run, scenarios=(*run.scenarios[:-2], QUICK))
    files["comparison.md"] = comparison("earlier", figures_of(base), run)[0]
    return {**files, "index.html": _without_style(files["index.html"])}


def _without_style(text: str) -> str:
    """Removes the style sheet and the script, which are files of their own."""
    return re.sub(r"(<(style|script)>).*?(</)", r"\1\3", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", sorted(written(EVERY)))
def test_a_document_is_unchanged(name: str) -> None:
    assert written(EVERY)[name] == (GOLDEN / name).read_text()


def test_no_golden_document_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(written(EVERY))


if __name__ == "__main__":
    for name, text in written(EVERY).items():
        (GOLDEN / name).write_text(text)
