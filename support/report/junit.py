"""Marks deviations in JUnit's XML, which behave's reporter does not know."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from support.results.schema import ScenarioResult, Verdict


def mark_deviations(folder: Path, scenarios: Sequence[ScenarioResult]) -> None:
    """Give each deviating test case the properties `verdict` and `deviation`.

    `folder`: behave's JUnit reports, one file for each feature.
    """
    deviating = {
        (scenario.feature, scenario.name): scenario
        for scenario in scenarios
        if scenario.verdict is Verdict.DEVIATION
    }
    for path in sorted(folder.glob("*.xml")) if deviating else ():
        tree = ElementTree.parse(path)
        marked = [_mark(case, deviating) for case in tree.iter("testcase")]
        if any(marked):
            tree.write(path, encoding="utf-8", xml_declaration=True)


def _mark(case: ElementTree.Element, deviating: dict[tuple[str, str], ScenarioResult]) -> bool:
    """Marks a deviating case; returns whether it is one. Its `classname` ends with the feature."""
    for (feature, name), scenario in deviating.items():
        if case.get("name") == name and case.get("classname", "").endswith(f".{feature}"):
            properties = ElementTree.Element("properties")
            values = [("verdict", Verdict.DEVIATION.value)]
            values += [("deviation", c.deviation) for c in scenario.checks if c.deviation]
            for key, value in values:
                ElementTree.SubElement(properties, "property", name=key, value=value)
            case.insert(0, properties)
            return True
    return False
