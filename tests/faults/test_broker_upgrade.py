"""A step of an upgrade is proven, undone where a version refuses, and healed on every way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from support.errors import Inconclusive, StackError
from support.faults import broker_upgrade
from support.faults.broker_upgrade import (
    REFUSED,
    BrokerUpgrade,
    FinalisedUpgrade,
    reason,
    upgraded,
)
from support.faults.fault import SystemUnderTest
from support.stack.isolated import Version
from tests.faults.test_broker_restart import PATIENCE, POLITE, ProcessBroker


class Upgradable:
    """A stack whose broker is a real process; implements UpgradeControl and TwoVersions.

    `refuses`: the version that ends while it starts.
    """

    def __init__(self, folder: Path, refuses: Version | None = None) -> None:
        self.process = ProcessBroker(POLITE, folder)
        self.refuses = refuses
        self.used = [Version.BEFORE]
        self.finalised = ""

    def broker(self) -> ProcessBroker:
        return self.process

    def upgrade(self) -> Upgradable:
        return self

    def names(self, which: Version) -> Mapping[str, str]:
        kafka = "3.6.1" if which is Version.BEFORE else "4.3.1"
        return {"kafka": kafka, "connect": kafka, "debezium": "1"}

    def use_broker(self, which: Version) -> None:
        assert not self.process.alive()
        self.used.append(which)
        self.process.serves = which is not self.refuses

    def undo_broker(self) -> None:
        assert not self.process.alive()
        self.used.pop()
        self.process.serves = True

    def use_worker(self, which: Version) -> None:
        raise AssertionError("no worker is upgraded here")

    def broker_version(self) -> str:
        return self.names(self.used[-1])["kafka"]

    def finalise(self, within: timedelta) -> str:
        assert within > timedelta()
        if not self.finalised:
            raise StackError("metadata.version was not finalised.")
        return self.finalised


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Upgradable]:
    made = Upgradable(tmp_path)
    made.process.start()
    made.process.await_ready(PATIENCE)
    yield made
    made.process.kill()


def test_the_broker_is_stopped_and_started_in_the_next_version(stack: Upgradable) -> None:
    first = stack.process.process.pid
    with BrokerUpgrade(Version.AFTER, PATIENCE).injected(stack) as timeline:
        assert not stack.process.alive()
    assert stack.process.process.pid not in (None, first)
    assert stack.used[-1] is Version.AFTER
    assert timeline.heal_trouble == ""
    assert timeline.proofs[1:] == ["its log says: Kafka version 4.3.1", "serves clients again"]


def test_a_next_version_that_does_not_serve_is_a_result(stack: Upgradable) -> None:
    stack.refuses = Version.AFTER
    with BrokerUpgrade(Version.AFTER, PATIENCE).injected(stack) as timeline:
        pass
    assert "does not serve clients" in timeline.heal_trouble
    assert stack.used[-1] is Version.AFTER


def test_a_way_back_that_is_refused_is_undone(stack: Upgradable) -> None:
    stack.used.append(Version.AFTER)
    stack.refuses = Version.BEFORE
    with BrokerUpgrade(Version.BEFORE, PATIENCE).injected(stack) as timeline:
        pass
    assert stack.process.alive()
    assert stack.used[-1] is Version.AFTER
    assert timeline.heal_trouble == ""
    (refusal,) = [each for each in timeline.proofs if each.startswith(REFUSED)]
    assert "3.6.1: It does not serve clients." in refusal
    assert "its log says: Kafka version 4.3.1" in timeline.proofs


def test_a_way_back_that_is_open_needs_no_second_start(stack: Upgradable) -> None:
    stack.used.append(Version.AFTER)
    with BrokerUpgrade(Version.BEFORE, PATIENCE).injected(stack) as timeline:
        pass
    assert not any(each.startswith(REFUSED) for each in timeline.proofs)
    assert "its log says: Kafka version 3.6.1" in timeline.proofs


@pytest.mark.parametrize("to", Version)
def test_it_heals_when_it_is_interrupted(stack: Upgradable, to: Version) -> None:
    with pytest.raises(KeyboardInterrupt), BrokerUpgrade(to, PATIENCE).injected(stack):
        raise KeyboardInterrupt
    assert stack.process.alive()


def test_it_heals_when_it_is_interrupted_while_the_broker_ends(stack: Upgradable) -> None:
    stack.process.interrupt_stop = True
    step = BrokerUpgrade(Version.AFTER, PATIENCE)
    with pytest.raises(KeyboardInterrupt), step.injected(stack):
        raise AssertionError("the body must not run")
    assert stack.process.alive()


def test_finalising_stops_nothing(stack: Upgradable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_upgrade, "prove_ready", lambda *_: None)
    stack.finalised, first = "metadata.version was upgraded to 29", stack.process.process.pid
    with FinalisedUpgrade(PATIENCE).injected(stack) as timeline:
        assert stack.process.alive()
    assert stack.process.process.pid == first
    assert timeline.proofs == [stack.finalised, "serves clients again"]


def test_a_tool_that_fails_ends_the_step(
    stack: Upgradable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_upgrade, "prove_ready", lambda *_: None)
    with (
        pytest.raises(StackError, match="was not finalised"),
        FinalisedUpgrade(PATIENCE).injected(stack),
    ):
        raise AssertionError("the body must not run")


def test_a_stack_with_one_version_is_refused() -> None:
    nothing: object = object()
    with pytest.raises(Inconclusive, match="two versions"):
        upgraded(SystemUnderTest(nothing))  # type: ignore[arg-type]


def test_the_reason_is_the_first_error_without_its_time() -> None:
    words = (
        "starting\n[2026-11-28 12:00:00,123] FATAL [KafkaRaftServer] no such record\n"
        "[2026-11-28 12:00:01,000] java.lang.RuntimeException: later"
    )
    assert reason(words) == "FATAL [KafkaRaftServer] no such record"
    assert reason("nothing special") == ""
