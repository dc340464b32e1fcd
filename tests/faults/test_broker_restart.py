"""The fault is healed on every way out. The broker is a real process, though not Kafka."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from support.clients.kafka_address import KafkaAddress
from support.clients.readiness import FirstRecord
from support.errors import Inconclusive, StackError
from support.faults.broker_restart import BrokerRestart
from support.stack.processes.supervised import Recipe, Supervised
from support.waiting import wait_until

POLITE = "import time; print('up', flush=True); time.sleep(600)"
SLOW = (
    "import signal, time; signal.signal(signal.SIGTERM, lambda *_: time.sleep(600));"
    "print('up', flush=True); time.sleep(600)"
)
PATIENCE = timedelta(seconds=20)


class ProcessBroker:
    """A BrokerControl over any command; ready when it has printed something."""

    def __init__(self, code: str, folder: Path) -> None:
        self.log = folder / "out"
        self.kafka = KafkaAddress("127.0.0.1:9")
        self.serves = True
        self.interrupt_stop = False
        recipe = Recipe("broker", (sys.executable, "-c", code), folder, self.log)
        self.process = Supervised(recipe, folder / "processes")

    @property
    def spawned_ns(self) -> int:
        return self.process.spawned_ns

    def start(self) -> None:
        self.log.unlink(missing_ok=True)
        self.process.start()

    def stop(self) -> bool:
        if self.interrupt_stop:
            raise KeyboardInterrupt
        return self.process.stop(timedelta(milliseconds=300))

    def kill(self) -> None:
        self.process.kill()

    def alive(self) -> bool:
        return self.process.alive()

    @property
    def incarnation(self) -> str:
        return self.process.incarnation

    def seen(self) -> str:
        return self.process.seen()

    def pause(self) -> None:
        self.process.pause()

    def resume(self) -> None:
        self.process.resume()

    def paused(self) -> bool:
        return self.process.paused()

    def last_words(self) -> str:
        return self.process.tail()

    def await_ready(self, within: timedelta) -> FirstRecord:
        if not self.serves:
            raise StackError("It does not serve clients.")
        wait_until(self.process.tail, lambda text: "up" in text, within, "the process")
        return FirstRecord(1, 2)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[ProcessBroker]:
    made = ProcessBroker(POLITE, tmp_path)
    made.start()
    made.await_ready(PATIENCE)
    yield made
    made.process.kill()


@pytest.mark.parametrize("crash", [True, False])
def test_a_restart_is_proven_down_and_proven_healed(broker: ProcessBroker, crash: bool) -> None:
    first = broker.process.pid
    with BrokerRestart(crash, PATIENCE).injected(broker) as timeline:
        assert not broker.alive()
    assert broker.process.pid not in (None, first)
    stamps = (timeline.injected_ns, timeline.down_ns, timeline.heal_began_ns, timeline.healed_ns)
    assert list(stamps) == sorted(stamps)
    assert timeline.proofs[0].endswith("SIGKILL" if crash else "SIGTERM")
    assert timeline.proofs[-1] == "serves clients again"


@pytest.mark.parametrize("trouble", [ValueError("a defect"), KeyboardInterrupt()])
def test_it_heals_when_the_body_fails_or_is_interrupted(
    broker: ProcessBroker, trouble: BaseException
) -> None:
    with pytest.raises(type(trouble)), BrokerRestart(True, PATIENCE).injected(broker):
        raise trouble
    assert broker.alive()


def test_it_heals_when_it_is_interrupted_while_the_broker_ends(broker: ProcessBroker) -> None:
    first = broker.process.pid
    broker.interrupt_stop = True
    with pytest.raises(KeyboardInterrupt), BrokerRestart(False, PATIENCE).injected(broker):
        raise AssertionError("the body must not run")
    assert broker.alive()
    assert broker.process.pid != first


def test_a_graceful_restart_that_needed_force_is_no_graceful_restart(tmp_path: Path) -> None:
    stubborn = ProcessBroker(SLOW, tmp_path)
    stubborn.start()
    stubborn.await_ready(PATIENCE)
    with (
        pytest.raises(Inconclusive, match="had to be killed"),
        BrokerRestart(False, PATIENCE).injected(stubborn),
    ):
        raise AssertionError("the body must not run")
    assert stubborn.alive()
    stubborn.kill()


def test_a_broker_that_stays_away_is_a_result(broker: ProcessBroker) -> None:
    broker.serves = False
    with BrokerRestart(True, PATIENCE).injected(broker) as timeline:
        pass
    assert "does not serve clients" in timeline.heal_trouble
