"""Restarts in change data capture are proven, and the part runs again on every way out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from support.errors import Inconclusive, StackError
from support.faults.capture_restart import CaptureRestart, How

SOON = timedelta(milliseconds=200)


class Part:
    """A process; `obeys` SIGTERM or has to be killed."""

    def __init__(self, capture: Playback, *, obeys: bool = True) -> None:
        self._capture, self._obeys = capture, obeys
        self.lives = True

    def start(self) -> None:
        self.lives = True
        self._capture.connect_again()

    def stop(self) -> bool:
        self.kill()
        return self._obeys

    def kill(self) -> None:
        self.lives = False
        self._capture.pid = None

    def alive(self) -> bool:
        return self.lives

    def seen(self) -> str:
        return "there" if self.lives else "its process is gone"


class Playback:
    """A connector whose slot is fed by one server process after the other."""

    def __init__(self, *, obeys: bool = True, comes_back: bool = True, fails: bool = False) -> None:
        self.pid: int | None = 1
        self._comes_back, self._fails = comes_back, fails
        self._part = Part(self, obeys=obeys)
        self.asked: list[str] = []
        self.is_lost = ""

    def connect_again(self) -> None:
        if self._comes_back and not self._fails:
            self.pid = 2

    def reader_pid(self) -> int | None:
        return self.pid

    def restart_connector(self) -> None:
        self.asked.append("connector")
        self.connect_again()

    def restart_task(self) -> None:
        self.asked.append("task")
        self._fails = False
        self.connect_again()

    def failure(self) -> str:
        return "boom" if self._fails else ""

    def lost(self) -> str:
        return self.is_lost

    def worker(self) -> Part:
        return self._part

    def upgrade_worker(self) -> None:
        assert not self._part.alive()
        self.asked.append("upgrade")

    def database_server(self) -> Part:
        return self._part


@pytest.mark.parametrize("how", How)
def test_another_server_process_proves_the_restart(how: How) -> None:
    capture = Playback()
    with CaptureRestart(how, SOON).injected(capture) as timeline:
        assert timeline.down_ns > 0
    assert timeline.heal_trouble == ""
    assert timeline.proofs == [
        "server process 1 no longer feeds the connector",
        "another server process feeds the connector",
    ]
    assert capture.worker().alive()
    asked = {
        How.CONNECTOR: ["connector"],
        How.TASK: ["task"],
        How.WORKER_UPGRADE: ["upgrade"],
    }
    assert capture.asked == asked.get(how, [])


def test_it_stays_down_while_it_is_held() -> None:
    held = CaptureRestart(How.WORKER, SOON, timedelta(milliseconds=30))
    with held.injected(Playback()) as timeline:
        pass
    (outage,) = timeline.outages
    assert outage[1] - outage[0] >= 30_000_000
    assert "down for 0.03 s" in held.name


def test_a_restart_that_changes_nothing_is_no_fault() -> None:
    class Deaf(Playback):
        def restart_connector(self) -> None:
            """Does nothing."""

    with (
        pytest.raises(Inconclusive, match="the old reader to be gone"),
        CaptureRestart(How.CONNECTOR, SOON).injected(Deaf()),
    ):
        raise AssertionError("must not get here")


def test_without_a_reader_there_is_nothing_to_restart() -> None:
    capture = Playback()
    capture.pid = None
    with (
        pytest.raises(Inconclusive, match="nothing to restart"),
        CaptureRestart(How.TASK, SOON).injected(capture),
    ):
        raise AssertionError("must not get here")


def test_in_a_snapshot_the_end_of_the_process_is_the_proof() -> None:
    capture = Playback()
    capture.pid = None
    with CaptureRestart(How.WORKER_CRASH, SOON).injected(capture) as timeline:
        assert not capture.worker().alive()
    assert timeline.proofs == ["its process is gone", "another server process feeds the connector"]


def test_a_process_that_had_to_be_killed_is_no_graceful_restart_and_is_started_again() -> None:
    capture = Playback(obeys=False)
    with (
        pytest.raises(Inconclusive, match="had to be killed"),
        CaptureRestart(How.WORKER, SOON).injected(capture),
    ):
        raise AssertionError("must not get here")
    assert capture.worker().alive()


def test_what_does_not_come_back_is_the_result_and_not_an_error() -> None:
    with CaptureRestart(How.WORKER_CRASH, SOON).injected(Playback(comes_back=False)) as timeline:
        pass
    assert "another reader of the slot" in timeline.heal_trouble


def test_a_task_that_failed_is_restarted_and_told() -> None:
    capture = Playback(fails=True)
    with CaptureRestart(How.DATABASE, SOON).injected(capture) as timeline:
        pass
    assert capture.asked == ["task"]
    restarted = "its task had FAILED and was restarted by the suite: boom"
    assert restarted in timeline.proofs
    assert (timeline.restarted, timeline.died) == ([restarted], [])
    assert timeline.heal_trouble == ""


class DiesOnce(Part):
    """Ends by itself after its first start."""

    starts = 0

    def start(self) -> None:
        self.starts += 1
        if self.starts > 1:
            super().start()


@pytest.mark.parametrize("how", [How.WORKER, How.WORKER_CRASH, How.DATABASE])
def test_a_process_that_dies_after_its_start_is_told_and_judged(how: How) -> None:
    capture = Playback()
    capture._part = DiesOnce(capture)
    with CaptureRestart(how, SOON).injected(capture) as timeline:
        pass
    assert timeline.heal_trouble == ""
    (died,) = timeline.died
    assert "ended after it was started" in died
    assert died in timeline.proofs


def test_a_crashed_server_may_have_to_wait_for_its_own_processes_once() -> None:
    capture = Playback()
    capture._part = DiesOnce(capture)
    with CaptureRestart(How.DATABASE_CRASH, SOON).injected(capture) as timeline:
        pass
    assert timeline.died == []
    assert any("processes of the crashed server" in proof for proof in timeline.proofs)


def test_a_lost_slot_is_the_cause_and_is_not_waited_for() -> None:
    capture = Playback(comes_back=False)
    capture.is_lost = "The replication slot kv is lost (wal_status=lost)."
    patient = CaptureRestart(How.WORKER, timedelta(minutes=5))
    with patient.injected(capture) as timeline:
        pass
    assert timeline.heal_trouble.startswith("The replication slot kv is lost")
    assert timeline.restarted == []


def test_a_lost_slot_is_said_when_connect_answers_so_that_it_can_be_cleaned_up() -> None:
    answers = iter([False, False, True])

    class Slow(Playback):
        def failure(self) -> str:
            if not next(answers):
                raise StackError("Kafka Connect does not answer.")
            return "it can't get changes from the slot"

    capture = Slow(comes_back=False)
    capture.is_lost = "lost"
    with CaptureRestart(How.WORKER, timedelta(minutes=5)).injected(capture) as timeline:
        pass
    assert timeline.heal_trouble == "lost"
    assert next(answers, "none left") == "none left"
    assert capture.asked == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_it_is_started_again_however_the_inside_ends(error: type[BaseException]) -> None:
    capture = Playback()
    with pytest.raises(error), CaptureRestart(How.WORKER_CRASH, SOON).injected(capture):
        raise error
    assert capture.worker().alive()
