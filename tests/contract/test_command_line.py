"""behave's options on a real stack, as people and continuous integration use them."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

from support.report.last_screen import LINES
from support.settings import ROOT
from tests.contract.running import BEHAVE, LONGEST_RUN, SMALL, latest_run, nothing_left

CONFIGURATION = "features/delivery/configuration.feature"
THROUGHPUT = "features/performance/throughput.feature"
NAME = "No setting of producer, consumer, broker or topic weakens at-least-once delivery"

NAMED = ("--name", "^No setting of producer")


def called(
    folder: Path, *arguments: str, within: timedelta = LONGEST_RUN, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Runs behave in a folder, with more environment variables; stdout and stderr are separate."""
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    return subprocess.run(
        [*BEHAVE, *SMALL, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=within.total_seconds(),
        env={**buffered, **variables},
    )


def test_a_run_from_another_folder_is_the_same_run(tmp_path: Path) -> None:
    features = str(ROOT / "features")
    done = called(tmp_path, "-f", "json", "--junit-directory=wanted", *NAMED, features)
    assert done.returncode == 0, done.stderr
    elements = [each for feature in json.loads(done.stdout) for each in feature.get("elements", [])]
    assert [each["name"] for each in elements if each["status"] == "passed"] == [NAME]
    run = latest_run()
    assert [(s["name"], s["location"]) for s in run["scenarios"]] == [(NAME, f"{CONFIGURATION}:10")]
    screen = done.stderr[done.stderr.rindex("=" * 72 + "\n✔ PASS") :]
    assert len(screen.splitlines()) <= LINES
    (junit,) = (tmp_path / "wanted").iterdir()
    (case,) = ElementTree.parse(junit).iter("testcase")
    assert (case.get("name"), case.get("file")) == (NAME, CONFIGURATION)
    nothing_left()


def test_a_failure_stops_the_run_and_is_annotated() -> None:
    lines = [f"{CONFIGURATION}:10", THROUGHPUT]
    done = called(
        ROOT,
        *("-D", "producer.acks=0", "--stop", *lines),
        GITHUB_ACTIONS="true",
        GITHUB_WORKSPACE=str(ROOT),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    title = f"FAIL: {NAME}".replace(":", "%3A").replace(",", "%2C")
    assert f"::error file={CONFIGURATION},line=10,title={title}::" in done.stdout
    assert "::group::The configuration is at-least-once\n" in done.stdout
    assert "The run as a whole: --stop: what comes after the first failure" in done.stdout
    run = latest_run()
    assert [s["verdict"] for s in run["scenarios"]] == ["FAIL"]
    folder = Path(BEHAVE[-1].partition("=")[2]) / "latest" / "junit"
    cases = [c for path in folder.iterdir() for c in ElementTree.parse(path).iter("testcase")]
    assert len(cases) > 1
    assert [c.get("name") for c in cases if c.find("failure") is not None] == [NAME]
    assert all(c.find("skipped") is not None for c in cases if c.get("name") != NAME)
    nothing_left()
