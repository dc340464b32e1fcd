"""Deviations are marked in JUnit's XML, and nothing else changes."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from xml.etree import ElementTree

from support.checks.judged import deviates
from support.report.junit import mark_deviations
from support.results.schema import Verdict
from tests.results.examples import THROUGHPUT

CASES = """<testsuite name="x.The feature">
<testcase classname="x.The feature" name="crash"><system-out>
<![CDATA[ a < b ]]></system-out></testcase>
<testcase classname="x.The feature" name="calm" status="passed"/>
<testcase classname="x.Another" name="crash"/></testsuite>"""


def test_a_deviating_scenario_has_its_verdict_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "TESTS-x.xml"
    path.write_text(CASES)
    check = deviates("start", 15.2, "s", "below 10 s", "SC-002 wants < 10 s")
    deviating = dataclasses.replace(
        THROUGHPUT, feature="The feature", name="crash", checks=(check,), verdict=Verdict.DEVIATION
    )
    calm = dataclasses.replace(THROUGHPUT, feature="The feature", name="calm")
    mark_deviations(tmp_path, [calm])
    assert path.read_text() == CASES
    mark_deviations(tmp_path, [deviating, calm])
    first, second, third = ElementTree.parse(path).iter("testcase")
    values = {each.get("name"): each.get("value") for each in first.iter("property")}
    assert values == {"verdict": "DEVIATION", "deviation": "SC-002 wants < 10 s"}
    assert "a < b" in (first.findtext("system-out") or "")
    assert not list(second.iter("property")) and not list(third.iter("property"))
