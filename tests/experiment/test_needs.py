"""A scenario that a stack can't serve is known before it begins, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import check_stack
from support.errors import Unavailable
from support.experiment import needs
from support.experiment.needs import Capability, unmet
from support.faults.catalogue import CAPTURE_RESTARTS, FAULTS
from support.settings import ROOT, Settings
from support.stack import capabilities, isolated, isolated_stack, network
from support.stack.attached.lacks import LACKS
from support.survey.scenarios import Prospect, Wanted, prospects, table

SETTINGS = Settings.load({}, {})
ATTACHED: Any = SimpleNamespace(name="attach", lacks=LACKS, shared=True)


@pytest.fixture(scope="module")
def wanted() -> tuple[Wanted, ...]:
    return tuple(check_stack.wanted())


def named(wanted: tuple[Wanted, ...], words: str) -> Wanted:
    (found,) = (each for each in wanted if words in each.name)
    return found


def test_what_a_step_declares_decides(wanted: tuple[Wanted, ...]) -> None:
    cold = named(wanted, "Cold start of a fresh broker")
    assert cold.needs == (needs.ISOLATED_BROKER,)
    (found,) = prospects([cold], ATTACHED, SETTINGS)
    assert found.word == "skipped"
    assert "the suite starts nothing on a stack that others run" in found.skipped


def test_what_a_fault_in_a_step_needs_decides(wanted: tuple[Wanted, ...]) -> None:
    crash = named(wanted, "Crash of the Connect worker during database changes")
    (found,) = prospects([crash], ATTACHED, SETTINGS)
    assert "-D connect_container=NAME -D allow_destructive=yes" in found.skipped


def test_a_request_to_connect_needs_no_container(wanted: tuple[Wanted, ...]) -> None:
    restart = named(wanted, "Restart of the Debezium connector")
    assert prospects([restart], ATTACHED, SETTINGS)[0].word == "runs"


def test_a_fault_of_an_isolated_stack_needs_nothing_of_the_stack(
    wanted: tuple[Wanted, ...],
) -> None:
    full = named(wanted, "Broker disk filled by CDC events")
    assert full.needs == (needs.ISOLATED_STACK,)


def test_what_is_only_measured_does_not_skip(wanted: tuple[Wanted, ...]) -> None:
    sustained = named(wanted, "Sustained load")
    (found,) = prospects([sustained], ATTACHED, SETTINGS)
    assert found.word == "in part"
    assert any("-D kafka_container=NAME" in each for each in found.without)


def test_logs_of_one_part_are_not_enough() -> None:
    stack: Any = SimpleNamespace(name="attach", shared=True, logs=dict)
    one = Settings.load({"kafka_container": "kafka"}, {})
    both = Settings.load({"kafka_container": "kafka", "connect_container": "connect"}, {})
    reason = unmet([needs.logs_of_kafka_and_connect], stack, one)
    assert reason is not None
    assert "-D connect_container=NAME" in str(reason)
    assert unmet([needs.logs_of_kafka_and_connect], stack, both) is None
    assert unmet([needs.logs_of_kafka_and_connect], ATTACHED, both) is not None


def test_a_replay_needs_permission() -> None:
    permitted = Settings.load({"allow_destructive": "yes"}, {})
    assert isinstance(unmet([needs.a_replay], ATTACHED, SETTINGS), Unavailable)
    assert unmet([needs.a_replay], ATTACHED, permitted) is None


def test_the_lack_that_a_setting_ends_is_named() -> None:
    reason = unmet([needs.A_BROKER_TO_START], ATTACHED, SETTINGS)
    assert reason is not None
    assert "-D kafka_container=NAME" in str(reason)


def test_a_part_that_is_not_named_is_lacking_although_others_may_be_broken() -> None:
    def unnamed() -> None:
        raise Unavailable("The container of connect is not known.")

    stack: Any = SimpleNamespace(shared=True, name="attach", connect_worker=unnamed)
    need = needs.capability(capabilities.ConnectControl)
    assert "not known" in str(unmet([need], stack, SETTINGS))
    stack.shared = False
    assert unmet([need], stack, SETTINGS) is None


ONLY_MEASURED = {capabilities.JmxAccess}
"""Capabilities without which an activity only measures less."""

FOLDERS = (ROOT / "support" / "experiment", ROOT / "support" / "faults")
SOURCES = [each for folder in FOLDERS for each in folder.glob("*.py") if each.name != "needs.py"]
ASKED = re.compile(r"needed\([\w.]+, (\w+)\)")


def asked_for(paths: list[Path]) -> set[type[Any]]:
    """Every capability that an activity or a fault can't do without."""
    names = {name for path in paths for name in ASKED.findall(path.read_text())}
    rooms = (capabilities, isolated, isolated_stack, network)
    return {next(getattr(room, n) for room in rooms if hasattr(room, n)) for n in names}


def declared(wanted: tuple[Wanted, ...]) -> Iterator[type[Any]]:
    for need in (need for each in wanted for need in each.needs):
        if isinstance(need, Capability):
            yield from need.any_of


def test_every_capability_that_an_activity_asks_for_is_declared_by_a_step(
    wanted: tuple[Wanted, ...],
) -> None:
    """If it fails: declare with @needs(...) what the step needs."""
    asked = asked_for(SOURCES) - set(needs.OF_ISOLATED_STACKS)
    assert len(asked) > 6
    assert asked - ONLY_MEASURED <= set(declared(wanted))


def test_every_fault_that_breaks_the_stack_declares_a_need() -> None:
    for phrase, fault in {**FAULTS, **CAPTURE_RESTARTS}.items():
        by_request = phrase.startswith("the Debezium")
        assert (fault.needs is None) == by_request, phrase


def test_names_are_those_of_a_run(wanted: tuple[Wanted, ...]) -> None:
    assert not [each.name for each in wanted if "@" in each.name or "<" in each.name]


def test_the_table_has_each_reason_once() -> None:
    found = (
        Prospect("a.feature", "one", "no container"),
        Prospect("a.feature", "two", "", ("no metrics", "no container")),
        Prospect("b.feature", "three"),
    )
    assert list(table(found)) == [
        "3 scenarios: runs 1, in part 1, skipped 1",
        "  a.feature",
        "    skipped  one [1]",
        "    in part  two [2] [1]",
        "  b.feature",
        "    runs     three",
        "  [1] no container",
        "  [2] no metrics",
    ]
