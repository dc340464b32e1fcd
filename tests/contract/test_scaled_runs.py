"""Scaled runs as a user starts them: they pass, write every document, and leave nothing."""

from __future__ import annotations

from collections.abc import Callable, Set
from pathlib import Path

import pytest
from behave.parser import parse_file

from support.allure_report import write_allure
from support.settings import ROOT, Settings
from tests.contract.running import REPORTS, SMALL, behave, latest_run, nothing_left

Tags = Set[str]
NEEDS_CONTAINER = "Disconnection of the broker during production of 1,000 messages loses nothing"


def selected(wanted: Callable[[Tags], bool]) -> list[tuple[Path, str]]:
    """Feature file and name of each scenario whose tags are `wanted`.

    The parser, without the suite's behave.ini, adds the place of an example to the name.
    """
    return [
        (path, str(scenario.name).partition(" -- @")[0])
        for path in sorted((ROOT / "features").rglob("*.feature"))
        for scenario in parse_file(str(path)).walk_scenarios()
        if wanted(set(map(str, scenario.effective_tags)))
    ]


@pytest.mark.parametrize(
    ("tags", "wanted", "skipped"),
    [
        ("@smoke", lambda tags: "smoke" in tags, []),
        ("not @slow", lambda tags: "slow" not in tags, [NEEDS_CONTAINER]),
    ],
    ids=["smoke", "all that are not slow"],
)
def test_a_scaled_run_passes_and_leaves_nothing(
    tags: str, wanted: Callable[[Tags], bool], skipped: list[str], tmp_path: Path
) -> None:
    chosen = selected(wanted)
    code, output = behave(*SMALL, "--tags", tags)
    run = latest_run()
    assert code == 0, output
    assert run["verdict"] == "PASS"
    assert {s["name"] for s in run["scenarios"]} == {name for _, name in chosen}
    assert run["scale"] == 0.05
    assert "Not an acceptance result" in output
    folder = REPORTS / "latest"
    for report in ("performance", "delivery", "recommendations", "traceability"):
        text = (folder / f"{report}.md").read_text()
        assert "Not an acceptance result" in text
        assert ("charts/" in text) == (report in ("performance", "delivery"))
    assert len(list((folder / "trials").glob("*.json"))) == len(chosen)
    # The entry of a scenario that is skipped is added when the report is made.
    assert [s["name"] for s in run["scenarios"] if s["verdict"] == "SKIPPED"] == skipped
    written = len(list((folder / "allure-results").glob("*-result.json")))
    assert written == len(chosen) - len(skipped)
    assert len(list((folder / "junit").glob("*.xml"))) == len({path for path, _ in chosen})
    assert write_allure(folder, tmp_path / "history", Settings.load({})).stat().st_size > 1_000_000
    assert list((tmp_path / "history").glob("*trend.json"))
    nothing_left()
