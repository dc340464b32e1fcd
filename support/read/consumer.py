"""A consumer as its user sees it: started, ended or crashed, and started again."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import msgspec

from support import clock
from support.clients.broker import BrokerClient
from support.errors import Inconclusive, NotInTime
from support.read.member import EVENTS, JOURNAL, MemberEvent, MemberOrder
from support.record.history import first_looks
from support.record.observed import ROW, Observations
from support.record.sessions import Session, answered
from support.settings import ROOT
from support.waiting import wait_until

LEAVING = timedelta(seconds=30)


@dataclass
class _Life:
    """A process of the consumer, and what is known of it beside its files."""

    folder: Path
    child: subprocess.Popen[bytes]
    started_ns: int
    resumes_from: Mapping[int, int]
    asked_ns: int
    ended_ns: int = 0
    killed: bool = False
    left: bool = True


class GroupConsumer:
    """One consumer of a group, over all its lives. Always close() it."""

    def __init__(self, name: str, group: str, order: MemberOrder) -> None:
        self.name, self.group = name, group
        self.order = replace(order, consumer={**order.consumer, "group.id": group})
        self._lives: list[_Life] = []
        self._broker = BrokerClient(order.bootstrap)

    def start(self, order: MemberOrder | None = None) -> None:
        """Begin to start; with `order` from now on by another one (slower, another setting)."""
        self.order = order or self.order
        asked = clock.now_ns()
        resumes = self._broker.committed(self.group, self.order.topic) if self._lives else {}
        folder = Path(self.order.folder) / str(len(self._lives))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / EVENTS).touch()
        # Not the same moment: an answer can take its time, which is none of the consumer's.
        started = clock.now_ns() if self._lives else asked
        with (folder / "member.err").open("wb") as errors:
            child = subprocess.Popen(
                [sys.executable, "-m", "support.read.member"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        assert child.stdin is not None
        told = replace(self.order, folder=str(folder))
        child.stdin.write(msgspec.json.encode(told) + b"\n")
        child.stdin.flush()
        self._lives.append(_Life(folder, child, started, resumes, asked))

    def await_ready(self, within: timedelta) -> None:
        """Return when it has its partitions."""
        life = self._lives[-1]

        def assigned() -> bool:
            self._raise_when_dead(life)
            return any(e.assignment and e.assignment.kind == "assigned" for e in events(life))

        wait_until(assigned, bool, within, f"partitions for consumer {self.name}")

    def processed(self) -> int:
        """Records put down so far, in all its lives. Raises Inconclusive when it died."""
        self._raise_when_dead(self._lives[-1])
        journals = (life.folder / JOURNAL for life in self._lives)
        return sum(path.stat().st_size for path in journals if path.is_file()) // ROW.itemsize

    def kill(self) -> None:
        """A crash: SIGKILL."""
        life = self._lives[-1]
        life.child.kill()
        life.child.wait(LEAVING.total_seconds())
        life.ended_ns, life.killed, life.left = clock.now_ns(), True, False

    def leave(self) -> bool:
        """Leave the group in an orderly way, and end; False when it could not leave."""
        life = self._lives[-1]
        assert life.child.stdin is not None
        life.child.stdin.close()
        try:
            wait_until(
                life.child.poll,
                lambda code: code is not None,
                LEAVING,
                f"consumer {self.name} to leave",
                every=timedelta(milliseconds=5),
            )
        except NotInTime:
            self.kill()
            return False
        life.ended_ns = clock.now_ns()
        life.left = life.child.returncode == 0
        return life.left

    def alive(self) -> bool:
        return bool(self._lives) and self._lives[-1].child.poll() is None

    def close(self) -> None:
        """End it if it still runs."""
        if self.alive():
            self.leave()

    def sessions(self) -> tuple[Session, ...]:
        """What its files say of each of its lives so far."""
        return tuple(self._session(life) for life in self._lives)

    def errors(self) -> Counter[str]:
        """Errors that the client reported, by name."""
        return Counter(e.error for life in self._lives for e in events(life) if e.error)

    def _session(self, life: _Life) -> Session:
        journal, told = life.folder / JOURNAL, events(life)
        return Session(
            self.name,
            Observations.read(journal) if journal.is_file() else Observations.of([]),
            life.started_ns,
            life.ended_ns,
            life.killed,
            life.resumes_from,
            answered(
                (event.commit for event in told if event.commit),
                (event.answer for event in told if event.answer),
            ),
            tuple(event.assignment for event in told if event.assignment),
            # One that ended by itself did not leave, whatever came last.
            life.left and life.child.poll() in (None, 0),
            life.asked_ns,
        )

    def _raise_when_dead(self, life: _Life) -> None:
        if life.ended_ns or life.child.poll() is None:
            return
        words = (life.folder / "member.err").read_text(errors="replace")
        raise Inconclusive(
            f"The consumer {self.name} died.",
            seen=f"exit code {life.child.returncode}; {words[-1500:]}",
        )


def events(life: _Life) -> list[MemberEvent]:
    """Its events so far; a line cut off by a crash is left out."""
    lines = (life.folder / EVENTS).read_bytes().split(b"\n")[:-1]
    return [msgspec.json.decode(line, type=MemberEvent) for line in lines]


def different_places(sessions: tuple[Session, ...]) -> int:
    """How many places of the log were delivered in some session, each counted once."""
    return len(first_looks(Observations.together([session.seen for session in sessions])))


def reached(sessions: tuple[Session, ...], end_offsets: Mapping[int, int]) -> bool:
    """Whether the last record before each of these offsets was delivered in some session."""
    seen = Observations.together([session.seen for session in sessions])
    return all(
        end == 0 or bool(((seen.partition == partition) & (seen.offset == end - 1)).any())
        for partition, end in end_offsets.items()
    )
