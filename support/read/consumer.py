"""A consumer of a group that is started, ended or crashed, and started again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from support import clock
from support.clients.broker import BrokerClient
from support.read.consumer_process import ConsumerProcess
from support.read.member_order import MemberOrder
from support.record.history import first_reads
from support.record.observed import Observations
from support.record.sessions import Session
from support.waiting import wait_until


class GroupConsumer:
    """One consumer of a group, over all its processes. close() must be called."""

    def __init__(self, name: str, group: str, order: MemberOrder) -> None:
        self.name, self.group = name, group
        self.order = replace(order, consumer={**order.consumer, "group.id": group})
        self._processes: list[ConsumerProcess] = []
        self._broker = BrokerClient(order.kafka)

    def start(self, order: MemberOrder | None = None) -> None:
        """Starts a process, without waiting for it; `order` replaces the previous order."""
        self.order = order or self.order
        restarted = bool(self._processes)
        asked = clock.now_ns()
        resumes = self._broker.committed(self.group, self.order.topic) if restarted else {}
        # The broker's answer can take a while, which is not the consumer's time.
        started = clock.now_ns() if restarted else asked
        folder = Path(self.order.folder) / str(len(self._processes))
        order = replace(self.order, folder=str(folder))
        self._processes.append(ConsumerProcess(self.name, order, started, asked, resumes))

    def await_ready(self, within: timedelta) -> None:
        """Returns when partitions are assigned to it.

        Raises NotInTime after `within`, and Inconclusive when it died.
        """
        process = self._processes[-1]

        def assigned() -> bool:
            process.raise_if_dead()
            return any(e.assignment and e.assignment.kind == "assigned" for e in process.events())

        wait_until(assigned, bool, within, f"partitions for consumer {self.name}")

    def processed(self) -> int:
        """Returns how many records all its processes have processed. Raises Inconclusive when it
        died."""
        self._processes[-1].raise_if_dead()
        return sum(process.processed() for process in self._processes)

    def kill(self) -> None:
        """Crashes it with SIGKILL."""
        self._processes[-1].kill()

    def leave(self) -> bool:
        """Lets it leave its group and end; False when it could not leave."""
        return self._processes[-1].leave()

    def alive(self) -> bool:
        """Whether its last process runs."""
        return bool(self._processes) and self._processes[-1].alive()

    def close(self) -> None:
        """Lets it leave if it still runs."""
        if self.alive():
            self.leave()

    def sessions(self) -> tuple[Session, ...]:
        """Returns the sessions so far, one for each process."""
        return tuple(process.session() for process in self._processes)

    def errors(self) -> Counter[str]:
        """Counts the errors that the client reported, by name."""
        return Counter(e.error for process in self._processes for e in process.events() if e.error)


def distinct_offsets(sessions: tuple[Session, ...]) -> int:
    """Counts the offsets, over all partitions, that were delivered in at least one session."""
    return len(first_reads(Observations.together([session.seen for session in sessions])))


def reached(sessions: tuple[Session, ...], end_offsets: Mapping[int, int]) -> bool:
    """Whether the last record before each end offset (by partition) was delivered."""
    seen = Observations.together([session.seen for session in sessions])
    return all(
        end == 0 or bool(((seen.partition == partition) & (seen.offset == end - 1)).any())
        for partition, end in end_offsets.items()
    )
