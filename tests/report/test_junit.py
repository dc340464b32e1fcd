"""JUnit's XML has every selected scenario, and only those that passed count as passed."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from xml.etree import ElementTree

import pytest

from support.checks.judged import deviates
from support.errors import SettingsError
from support.report.junit import NOT_REACHED, asked_folder, complete, copy
from support.results.schema import ScenarioResult, Verdict
from tests.results.examples import THROUGHPUT

CASES = """<testsuite name="delivery.x.The feature" tests="3" errors="0" failures="0" skipped="0">
<testcase classname="delivery.x.The feature" name="crash"><system-out>
<![CDATA[ a < b ]]></system-out></testcase>
<testcase classname="delivery.x.The feature" name="calm" status="passed"/>
<testcase classname="delivery.x.The feature" name="late" status="untested"/>
<testcase classname="x.Another" name="crash" status="passed"/></testsuite>"""
LATE = deviates("start", 15.2, "s", "below 10 s", "SC-002 wants < 10 s")


def scenario(name: str, **changes: object) -> ScenarioResult:
    location = "features/delivery/x.feature:7"
    made = dataclasses.replace(THROUGHPUT, feature="The feature", name=name, location=location)
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


CRASH = scenario("crash", checks=(LATE,), verdict=Verdict.DEVIATION)
CALM = scenario("calm")
LEFT_OUT = scenario("ui", verdict=Verdict.SKIPPED, reason="There is none.\n  next: x")


def completed(tmp_path: Path, *scenarios: ScenarioResult) -> dict[str, ElementTree.Element]:
    path = tmp_path / "TESTS-delivery.x.xml"
    path.write_text(CASES)
    complete(tmp_path, scenarios)
    suite = ElementTree.parse(path).getroot()
    skipped = sum(case.find("skipped") is not None for case in suite)
    assert (suite.get("tests"), suite.get("skipped")) == (str(len(suite)), str(skipped))
    return {f"{c.get('classname')}/{c.get('name')}": c for c in suite}


def test_a_deviating_scenario_has_its_verdict_and_reason(tmp_path: Path) -> None:
    cases = completed(tmp_path, CRASH, CALM)
    crash = cases["delivery.x.The feature/crash"]
    values = {each.get("name"): each.get("value") for each in crash.iter("property")}
    assert values == {"verdict": "DEVIATION", "deviation": "SC-002 wants < 10 s"}
    assert "a < b" in (crash.findtext("system-out") or "")
    others = [case for case in cases.values() if case is not crash]
    assert not any(list(case.iter("property")) for case in others)


def test_each_scenario_has_its_file(tmp_path: Path) -> None:
    cases = completed(tmp_path, CRASH, CALM)
    assert cases["delivery.x.The feature/calm"].get("file") == "features/delivery/x.feature"
    assert cases["x.Another/crash"].get("file") is None


def test_a_scenario_that_was_not_reached_does_not_count_as_passed(tmp_path: Path) -> None:
    late = completed(tmp_path, CRASH, CALM)["delivery.x.The feature/late"].find("skipped")
    assert late is not None and late.get("message") == NOT_REACHED


def test_a_scenario_that_is_not_green_never_counts_as_passed(tmp_path: Path) -> None:
    doubtful = scenario("calm", verdict=Verdict.INCONCLUSIVE, reason="interrupted by SIGTERM")
    cases = completed(tmp_path, scenario("crash", verdict=Verdict.FAIL, reason="lost"), doubtful)
    error = cases["delivery.x.The feature/calm"].find("error")
    assert error is not None and error.text == "interrupted by SIGTERM"
    failure = cases["delivery.x.The feature/crash"].find("failure")
    assert failure is not None and failure.text == "lost"
    suite = ElementTree.parse(tmp_path / "TESTS-delivery.x.xml").getroot()
    assert (suite.get("failures"), suite.get("errors")) == ("1", "1")
    complete(tmp_path, [doubtful])
    suite = ElementTree.parse(tmp_path / "TESTS-delivery.x.xml").getroot()
    assert suite.get("errors") == "1"


def test_a_scenario_that_was_left_out_is_skipped_with_its_reason(tmp_path: Path) -> None:
    cases = completed(tmp_path, CRASH, CALM, LEFT_OUT)
    skipped = cases["delivery.x.The feature/ui"].find("skipped")
    assert skipped is not None and skipped.get("message") == "There is none. next: x"
    complete(tmp_path, [LEFT_OUT])
    suite = ElementTree.parse(tmp_path / "TESTS-delivery.x.xml").getroot()
    assert [case.get("name") for case in suite].count("ui") == 1


def test_a_feature_of_which_nothing_ran_has_its_report(tmp_path: Path) -> None:
    complete(tmp_path / "junit", [LEFT_OUT])
    suite = ElementTree.parse(tmp_path / "junit" / "TESTS-delivery.x.xml").getroot()
    assert (suite.get("name"), suite.get("tests")) == ("delivery.x.The feature", "1")
    assert suite.get("skipped") == "1"


def test_the_reports_are_copied_where_the_user_wants_them(tmp_path: Path) -> None:
    (tmp_path / "junit").mkdir()
    (tmp_path / "junit" / "TESTS-a.xml").write_text("new")
    wanted = asked_folder(tmp_path / "a" / "b")
    assert wanted is not None
    (wanted / "TESTS-a.xml").write_text("old")
    (wanted / "other.xml").write_text("other")
    copy(tmp_path / "junit", wanted)
    texts = {path.name: path.read_text() for path in wanted.iterdir()}
    assert texts == {"TESTS-a.xml": "new", "other.xml": "other"}
    copy(tmp_path / "none", wanted)
    copy(tmp_path / "junit", asked_folder(None))


def test_a_folder_that_can_t_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="--junit-directory=FOLDER"):
        asked_folder(tmp_path / "file" / "junit")
