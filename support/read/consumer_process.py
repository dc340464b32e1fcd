"""One process of a consumer, from its start to its end, and what its files say about it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import msgspec

from support import clock
from support.errors import Inconclusive, NotInTime
from support.read.member_order import EVENTS, JOURNAL, MemberEvent, MemberOrder, read_events
from support.record.observed import ROW, Observations
from support.record.sessions import Session, answered
from support.settings import ROOT, environment_for_children
from support.waiting import wait_until

LEAVING = timedelta(seconds=30)
"""Time in which a process must leave its group, or be gone after SIGKILL."""
ERRORS = "member.err"


class ConsumerProcess:
    """A process of support.read.member; it runs until kill() or leave().

    `started_ns`, `asked_ns` and `resumes_from` are those of its Session.
    """

    def __init__(
        self,
        name: str,
        order: MemberOrder,
        started_ns: int,
        asked_ns: int,
        resumes_from: Mapping[int, int],
    ) -> None:
        self._name, self._folder = name, Path(order.folder)
        self._started_ns, self._asked_ns = started_ns, asked_ns
        self._resumes_from = resumes_from
        self._ended_ns, self._killed, self._left = 0, False, True
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / EVENTS).touch()
        with (self._folder / ERRORS).open("wb") as errors:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "support.read.member"],
                cwd=ROOT,
                env=environment_for_children({}),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        assert self._child.stdin is not None
        self._child.stdin.write(msgspec.json.encode(order) + b"\n")
        self._child.stdin.flush()

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._child.poll() is None

    def events(self) -> list[MemberEvent]:
        """Reads the events that it has reported so far."""
        return read_events(self._folder)

    def processed(self) -> int:
        """Returns how many records it has processed so far."""
        journal = self._folder / JOURNAL
        return journal.stat().st_size // ROW.itemsize if journal.is_file() else 0

    def raise_if_dead(self) -> None:
        """Raises Inconclusive when the process ended without kill() or leave()."""
        if self._ended_ns or self.alive():
            return
        output = (self._folder / ERRORS).read_text(errors="replace")
        raise Inconclusive(
            f"The consumer {self._name} died.",
            seen=f"exit code {self._child.returncode}; {output[-1500:]}",
        )

    def kill(self) -> None:
        """Crashes the process with SIGKILL."""
        self._child.kill()
        self._child.wait(LEAVING.total_seconds())
        self._ended_ns, self._killed, self._left = clock.now_ns(), True, False

    def leave(self) -> bool:
        """Lets the process leave its group and end; kills it and returns False if it can't."""
        assert self._child.stdin is not None
        self._child.stdin.close()
        try:
            wait_until(
                self._child.poll,
                lambda code: code is not None,
                LEAVING,
                f"consumer {self._name} to leave",
                every=timedelta(milliseconds=5),
            )
        except NotInTime:
            self.kill()
            return False
        self._ended_ns = clock.now_ns()
        self._left = self._child.returncode == 0
        return self._left

    def session(self) -> Session:
        """Returns what its files say about it so far."""
        journal, events = self._folder / JOURNAL, self.events()
        return Session(
            self._name,
            Observations.read(journal) if journal.is_file() else Observations.of([]),
            self._started_ns,
            self._ended_ns,
            self._killed,
            self._resumes_from,
            answered(
                (event.commit for event in events if event.commit),
                (event.answer for event in events if event.answer),
            ),
            tuple(event.assignment for event in events if event.assignment),
            # A process that died did not leave its group, whatever its last event was.
            self._left and self._child.poll() in (None, 0),
            self._asked_ns,
        )
