"""The architecture as a test: who may import whom, and what may happen in one place only."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from support.settings import ROOT
from tests.sources import SOURCES, SUPPORT, tree

ALLOWED = {
    "environment": {"run", "scenarios", "experiment", "report", "phrases", "repeats"},
    "command_line": set(),
    "run": {"session", "report", "results", "settings"},
    "scenarios": {"experiment", "promises", "settings"},
    "settings_in_force": {"clients", "stack", "record"},
    "steps": {"experiment", "promises"},
    "repeats": set(),
    "session": {
        "experiment",
        "stack",
        "results",
        "clients",
        "provenance",
        "runlock",
        "settings",
        "settings_in_force",
    },
    "audit": {"clients", "read", "record", "checks"},
    "experiment": {
        "audit",
        "baseline",
        "generate",
        "read",
        "faults",
        "figures",
        "promises",
        "checks",
        "stack",
        "clients",
        "metrics",
        "record",
        "results",
        "settings",
        "report",
    },
    "promises": {"checks", "figures", "record", "results"},
    "figures": {"generate", "faults", "checks", "metrics", "record", "results"},
    "generate": {"clients", "record", "metrics", "settings"},
    "read": {"clients", "record", "metrics", "settings", "generate"},
    "faults": {"stack", "clients", "read", "record"},
    "check_stack": {"survey", "scenarios", "phrases", "settings", "stack"},
    "upgrade": {"settings", "stack"},
    "survey": {"clients", "stack", "settings", "baseline", "experiment", "record"},
    "stack": {"clients", "baseline", "java_properties", "settings", "runlock"},
    "bench": {
        "generate",
        "read",
        "checks",
        "record",
        "metrics",
        "stack",
        "clients",
        "results",
        "settings",
        "runlock",
        "provenance",
        "figures",
    },
    "tuning": {"report", "results", "settings", "provenance"},
    "clients": {"record"},
    "phrases": {"faults", "generate"},
    "report": {"results", "repeats", "checks"},
    "record": {"results"},
    "metrics": {"results", "clients", "record"},
    "checks": {"results", "record", "metrics"},
    "results": set(),
    "provenance": {"record", "results", "settings"},
    "allure_report": {"results", "settings", "stack", "report"},
    "baseline": {"settings", "java_properties"},
    "java_properties": set(),
    "settings": set(),
    "runlock": set(),
    "interruption": set(),
    "progress": set(),
    "waiting": set(),
    "errors": set(),
    "clock": set(),
    "removal": set(),
}
"""Room -> rooms it may import besides itself and the FOUNDATIONS."""

FOUNDATIONS = {"errors", "clock", "waiting", "progress", "interruption", "removal"}


def room(path: Path) -> str:
    relative = path.relative_to(ROOT)
    inner = relative.relative_to("support") if relative.parts[0] == "support" else relative
    return inner.parts[0].removesuffix(".py")


@cache
def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return names


def not_allowed(path: Path) -> set[str]:
    """Returns the rooms that a file imports although the table does not allow it."""
    own = room(path)
    if own == "__init__" or path.name == "__main__.py":
        return set()
    used = {n.split(".")[1] for n in imported(path) if n.startswith("support.")}
    return used - {own} - FOUNDATIONS - ALLOWED[own]


def test_a_room_imports_only_what_the_table_allows() -> None:
    found = {str(path.relative_to(ROOT)): not_allowed(path) for path in SOURCES}
    assert {path: rooms for path, rooms in found.items() if rooms} == {}


def test_one_place_for_sleeping_and_for_the_environment() -> None:
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in SOURCES}
    assert [path for path, text in texts.items() if "time.sleep" in text] == ["support/clock.py"]
    reading = [path for path, text in texts.items() if "os.environ" in text]
    assert reading == ["support/settings/environment.py"]


def test_support_never_imports_behave() -> None:
    for path in SUPPORT:
        assert not any(name.split(".")[0] in ("behave", "allure") for name in imported(path)), path


def test_faults_and_experiments_know_the_port_and_not_the_embedded_stack() -> None:
    for path in SOURCES:
        if room(path) not in ("stack", "bench", "allure_report"):
            assert not any("stack.embedded" in name for name in imported(path)), path


def test_steps_are_thin() -> None:
    lengths = [
        len(node.body)
        for path in (ROOT / "steps").glob("*.py")
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
    ]
    assert max(lengths) <= 6
    assert sorted(lengths)[len(lengths) // 2] <= 4
