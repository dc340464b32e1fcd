"""A lost controller and a full disk are proven, and healed on every way out.

Controller and broker are real processes here, though not Kafka; the disk is real.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from support import clock
from support.clients.connect_address import ConnectAddress
from support.clients.kafka_address import KafkaAddress
from support.errors import Inconclusive, Unavailable
from support.faults import controller_loss
from support.faults.controller_loss import ControllerLoss, Loss
from support.faults.disk_full import DiskFull
from support.stack.addresses import DatabaseAddress, Endpoints
from support.stack.embedded.small_disk import NamespaceDisk
from tests.faults.test_broker_restart import POLITE, SLOW, ProcessBroker

SHORT, PATIENCE = timedelta(milliseconds=300), timedelta(seconds=20)
MB = 1 << 20
FILL = (
    "import sys, time; print('up', flush=True)\n"
    "while True:\n"
    "    time.sleep(0.05)\n"
    "    try: open({place!r} + '/segment', 'ab', 0).write(bytes(4096))\n"
    "    except OSError as error: sys.exit(f'ERROR {{error.strerror}}')\n"
)


class Cluster:
    """Implements ControlledStack. Its controller decides, or not."""

    endpoints = Endpoints(KafkaAddress("127.0.0.1:9"), ConnectAddress(""), DatabaseAddress({}))

    def __init__(self, process: ProcessBroker) -> None:
        self.process, self.decides = process, True

    def controller(self) -> ProcessBroker:
        return self.process

    def create_topic(self, _name: str, _within: timedelta) -> str:
        return "" if self.decides else "REQUEST_TIMED_OUT"


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Cluster]:
    """The clusters whose controller is asked to create a topic, instead of a real client."""
    clusters: list[Cluster] = []

    class Client:
        def __init__(self, kafka: KafkaAddress) -> None:
            assert kafka == Cluster.endpoints.kafka

        def create_topic(self, name: str, within: timedelta) -> str:
            return clusters[-1].create_topic(name, within)

    monkeypatch.setattr(controller_loss, "Administration", Client)
    return clusters


@pytest.fixture
def cluster(tmp_path: Path, asked: list[Cluster]) -> Iterator[Cluster]:
    process = ProcessBroker(POLITE, tmp_path)
    process.start()
    process.await_ready(PATIENCE)
    made = Cluster(process)
    asked.append(made)
    yield made
    process.resume()
    process.kill()


@pytest.mark.parametrize("how", list(Loss))
def test_a_controller_is_away_for_as_long_as_said_and_comes_back(
    cluster: Cluster, how: Loss
) -> None:
    with ControllerLoss(how, SHORT, PATIENCE).injected(cluster) as timeline:
        assert cluster.process.paused() or not cluster.process.alive()
    assert cluster.process.alive()
    assert not cluster.process.paused()
    ((down, heal),) = timeline.outages
    assert heal - down >= 300 * clock.NS_PER_MS
    assert timeline.proofs[-1] == "a topic can be created again"


@pytest.mark.parametrize("how", list(Loss))
@pytest.mark.parametrize("trouble", [ValueError("a defect"), KeyboardInterrupt()])
def test_a_controller_comes_back_when_the_body_fails(
    cluster: Cluster, how: Loss, trouble: BaseException
) -> None:
    with pytest.raises(type(trouble)), ControllerLoss(how, SHORT, PATIENCE).injected(cluster):
        raise trouble
    assert cluster.process.alive()
    assert not cluster.process.paused()


def test_a_controller_whose_stop_is_interrupted_is_started_again(
    cluster: Cluster,
) -> None:
    first = cluster.process.process.pid
    cluster.process.interrupt_stop = True
    with (
        pytest.raises(KeyboardInterrupt),
        ControllerLoss(Loss.STOP, SHORT, PATIENCE).injected(cluster),
    ):
        raise AssertionError("the body must not run")
    assert cluster.process.process.pid not in (None, first)


def test_a_stop_that_took_a_kill_is_no_stop_and_no_decision_is_a_result(
    tmp_path: Path, asked: list[Cluster]
) -> None:
    process = ProcessBroker(SLOW, tmp_path)
    process.start()
    process.await_ready(PATIENCE)
    cluster = Cluster(process)
    asked.append(cluster)
    try:
        loss = ControllerLoss(Loss.STOP, SHORT, PATIENCE)
        with pytest.raises(Inconclusive, match="had to be killed"), loss.injected(cluster):
            raise AssertionError("the body must not run")
        assert process.alive()
        cluster.decides = False
        with ControllerLoss(Loss.PAUSE, SHORT, SHORT).injected(cluster) as timeline:
            pass
        assert "a topic to be created" in timeline.heal_trouble
        assert "REQUEST_TIMED_OUT" in timeline.heal_trouble
    finally:
        process.kill()


class Filled:
    """Implements DiskControl: the broker is a process that writes to the disk."""

    def __init__(self, folder: Path, code: str, size: int) -> None:
        self._disk = NamespaceDisk(folder / "disk", size, folder / "processes")
        self._broker = ProcessBroker(code.format(place=str(self._disk.place)), folder)
        recipe = self._broker.process.recipe
        object.__setattr__(recipe, "command", (*self._disk.enter(), *recipe.command))

    def broker(self) -> ProcessBroker:
        return self._broker

    def disk(self) -> NamespaceDisk:
        return self._disk


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Filled]:
    try:
        made = Filled(tmp_path, FILL, 4 * MB)
    except Unavailable as reason:
        pytest.skip(str(reason))
    made.broker().start()
    made.broker().await_ready(PATIENCE)
    yield made
    made.broker().kill()
    made.disk().close()


def test_a_disk_is_full_noticed_and_freed(filled: Filled) -> None:
    with DiskFull(by_load=False, patience=PATIENCE).injected(filled) as timeline:
        assert filled.disk().free_bytes() == 0
        assert not filled.broker().alive()
    assert filled.disk().free_bytes() > 2 * MB
    assert filled.broker().alive()
    proofs = " ".join(timeline.proofs)
    assert "No space left on device" in proofs
    assert "its process ended by itself" in proofs
    assert timeline.proofs[-1] == "serves clients again"


@pytest.mark.parametrize("trouble", [ValueError("a defect"), KeyboardInterrupt()])
def test_a_disk_is_freed_when_the_body_fails(filled: Filled, trouble: BaseException) -> None:
    full = DiskFull(by_load=False, patience=PATIENCE)
    with pytest.raises(type(trouble)), full.injected(filled):
        raise trouble
    assert filled.disk().free_bytes() > 2 * MB
    assert filled.broker().alive()


def test_a_full_disk_without_a_writer_is_not_noticed(filled: Filled) -> None:
    filled.broker().pause()
    soon = DiskFull(by_load=False, patience=SHORT)
    with pytest.raises(Inconclusive, match="did not notice"), soon.injected(filled):
        raise AssertionError("the body must not run")
    assert filled.disk().free_bytes() > 2 * MB
