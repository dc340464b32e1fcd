"""Completes behave's JUnit reports: verdicts that JUnit does not know, and scenarios left out."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from support.errors import SettingsError
from support.results.schema import ScenarioResult, Verdict

NOT_REACHED = "not run: the run ended before this scenario"
UNTESTED = "untested"
"""behave's status of a scenario that was selected and not run."""

RED = {Verdict.FAIL: "failure", Verdict.INCONCLUSIVE: "error"}
"""Verdict -> the element of a test case that is not green."""


def asked_folder(folder: Path | None) -> Path | None:
    """Makes the folder that the user asked for, if any; returns its absolute path.

    Raises SettingsError where that is not possible.
    """
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"The folder {folder} for JUnit reports can't be made.",
            seen=error.strerror or str(error),
            then="choose another folder with --junit-directory=FOLDER",
        ) from error
    return folder.absolute()


def complete(folder: Path, scenarios: Sequence[ScenarioResult]) -> None:
    """Completes behave's reports in `folder`, one file for each feature.

    Each test case gets its feature file, and one that deviates the properties `verdict` and
    `deviation`. What behave counts as passed, and is not: a scenario that is not green has an error
    or a failure, and one that was left out, or that the run did not reach, is skipped.
    """
    for path in sorted(folder.glob("TESTS-*.xml")):
        suite = ElementTree.parse(path).getroot()
        for case in suite.iter("testcase"):
            _complete(case, scenarios)
        _write(suite, path)
    for scenario in scenarios:
        if scenario.verdict is Verdict.SKIPPED:
            _add(scenario, folder)


def copy(folder: Path, to: Path | None) -> None:
    """Copies the reports to the folder that the user asked for, if there are any."""
    if to is not None and folder.is_dir():
        shutil.copytree(folder, to, dirs_exist_ok=True)


def _complete(case: ElementTree.Element, scenarios: Sequence[ScenarioResult]) -> None:
    """Completes one test case; its `classname` ends with the name of the feature."""
    for scenario in scenarios:
        named = case.get("name") == scenario.name
        if named and case.get("classname", "").endswith(f".{scenario.feature}"):
            case.set("file", _file_of(scenario))
            if scenario.verdict is Verdict.DEVIATION:
                case.insert(0, _properties(scenario))
            if scenario.verdict in RED and not _is_red(case):
                why = scenario.reason or scenario.verdict.value
                ElementTree.SubElement(case, RED[scenario.verdict], message=why).text = why
            return
    if case.get("status") == UNTESTED and case.find("skipped") is None:
        ElementTree.SubElement(case, "skipped", message=NOT_REACHED)


def _is_red(case: ElementTree.Element) -> bool:
    return any(case.find(element) is not None for element in RED.values())


def _properties(scenario: ScenarioResult) -> ElementTree.Element:
    properties = ElementTree.Element("properties")
    values = [("verdict", Verdict.DEVIATION.value)]
    values += [("deviation", check.deviation) for check in scenario.checks if check.deviation]
    for key, value in values:
        ElementTree.SubElement(properties, "property", name=key, value=value)
    return properties


def _add(scenario: ScenarioResult, folder: Path) -> None:
    """Adds a scenario that was left out to the report of its feature, which may not exist yet."""
    dotted = _dotted(scenario)
    path = folder / f"TESTS-{dotted}.xml"
    name = f"{dotted}.{scenario.feature}"
    if path.is_file():
        suite = ElementTree.parse(path).getroot()
    else:
        suite = ElementTree.Element("testsuite", name=name, time="0")
    if any(case.get("name") == scenario.name for case in suite.iter("testcase")):
        return
    case = ElementTree.SubElement(suite, "testcase", classname=name, name=scenario.name)
    case.attrib |= {"status": "skipped", "time": "0", "file": _file_of(scenario)}
    ElementTree.SubElement(case, "skipped", message=" ".join(scenario.reason.split()))
    folder.mkdir(exist_ok=True)
    _write(suite, path)


def _write(suite: ElementTree.Element, path: Path) -> None:
    """Writes the suite with its counts of test cases."""
    cases = list(suite.iter("testcase"))
    suite.set("tests", str(len(cases)))
    counts = {"skipped": "skipped", "failures": "failure", "errors": "error"}
    for attribute, element in counts.items():
        suite.set(attribute, str(sum(case.find(element) is not None for case in cases)))
    ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _file_of(scenario: ScenarioResult) -> str:
    """Returns the feature file, relative to the repository."""
    return scenario.location.rpartition(":")[0]


def _dotted(scenario: ScenarioResult) -> str:
    """Returns, say, `delivery.broker_restart`, as behave names the report of a feature."""
    path = Path(_file_of(scenario)).with_suffix("")
    return ".".join(path.parts[1:] if path.parts[:1] == ("features",) else path.parts)
