"""A consumer group with one member that reads along, and commits after it has processed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

from confluent_kafka import Consumer, KafkaException

from support import clock
from support.clients.broker import client_config
from support.errors import Inconclusive, NotInTime
from support.ledger.history import GroupRead
from support.ledger.observed import ObservationJournal
from support.load.log_reader import note
from support.load.payload import Payloads
from support.waiting import wait_until

COMMIT_EVERY_NS = 500 * clock.NS_PER_MS


class GroupObserver:
    """Reads `topic` as `group` in a thread until finish(); notes everything it is given."""

    def __init__(
        self,
        bootstrap: str,
        topic: str,
        group: str,
        consumer: Mapping[str, str],
        sent: Payloads,
        journal: Path,
    ) -> None:
        self.group = group
        self._sent = sent
        self.trouble: Exception | None = None
        self._journal = ObservationJournal(journal)
        self._consumer = Consumer(client_config(bootstrap, {**consumer, "group.id": group}))
        self._consumer.subscribe([topic], on_assign=self._assigned)
        self._ready, self._done = Event(), Event()
        self._positions: dict[int, int] = {}
        self._thread = Thread(target=self._run, name=f"observer-{group}", daemon=True)

    def start(self, within: timedelta) -> None:
        """Return when the group has its partitions."""
        self._thread.start()
        wait_until(self._ready.is_set, bool, within, f"partitions for group {self.group}")

    def finish(self, end_offsets: Mapping[int, int], within: timedelta) -> GroupRead:
        """Read up to `end_offsets`, leave the group, and tell what was seen."""

        def at_end() -> bool:
            if self.trouble is not None:
                raise Inconclusive("The consumer died.", seen=repr(self.trouble))
            return all(self._positions.get(p, 0) >= end for p, end in end_offsets.items())

        try:
            wait_until(at_end, bool, within, f"group {self.group} to reach the end of the log")
            drained = True
        except NotInTime:
            drained = False
        self.close()
        return GroupRead(self.group, self._journal.close(), drained)

    def close(self) -> None:
        """Leave the group; may be called again."""
        self._done.set()
        if self._thread.is_alive():
            self._thread.join(30)

    def _run(self) -> None:
        try:
            self._read()
        except Exception as error:  # noqa: BLE001 - kept, and raised by finish()
            self.trouble = error
        finally:
            self._consumer.close()

    def _read(self) -> None:
        last_commit = clock.now_ns()
        dirty = False
        while not self._done.is_set():
            message = self._consumer.poll(0.1)
            if message is not None and message.error() is None:
                note(self._journal, [message], self._sent)
                self._consumer.store_offsets(message)
                self._positions[message.partition()] = message.offset() + 1
                dirty = True
            if dirty and clock.now_ns() - last_commit > COMMIT_EVERY_NS:
                self._commit()
                last_commit, dirty = clock.now_ns(), False

    def _commit(self) -> None:
        """Failing is fine while the broker is away: the next commit covers it."""
        self._journal.flush()
        try:
            self._consumer.commit(asynchronous=True)
        except KafkaException as error:
            if error.args[0].name() not in ("_NO_OFFSET", "_TRANSPORT", "_WAIT_COORD"):
                raise

    def _assigned(self, _consumer: Any, _partitions: Any) -> None:
        self._ready.set()
