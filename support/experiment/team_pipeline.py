"""Watches the pipeline that captures the tables: connectors, slots, changes and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
from confluent_kafka import KafkaException

from support import clock
from support.checks.configuration_hidden import FLUSH, is_hidden
from support.clients.database import Database
from support.clients.replication_slots import all_slots, keep_bytes, written_lsn
from support.clients.tables_of_database import tables_of
from support.errors import NotInTime, words_of
from support.experiment.connector import flush_interval_ms
from support.experiment.experiment import Experiment
from support.experiment.team import NoConnector, Team, TeamTable, states_of, team_of
from support.record.team_pipeline import PIPELINE, PipelineRecord, SlotSeen, TableSeen
from support.waiting import wait_until

LEAST_S, EVENTS_S = 10, 15
"""How long the pipeline is watched at least, and how long events of changes are waited for."""
FLUSH_S = 60
"""A connector confirms what it has stored when its worker flushes its offsets: after 60 s by
default, and by a setting of the worker that Kafka Connect does not report."""
MOST_S = 180
"""How long a flush and two heartbeats are waited for at most, however rare the team's are."""
TOUCH = "UPDATE public.videos SET title = title WHERE id = (SELECT min(id) FROM public.videos)"
"""Changes one row on a stack of the suite, because nobody else writes to its captured tables."""


@dataclass(frozen=True)
class _Look:
    """The state at one time: topic -> records ever written, table -> changes ever counted."""

    slots: Sequence[SlotSeen] = ()
    written_lsn: int = 0
    stored: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)

    def confirmed(self) -> dict[str, int]:
        return {slot.name: slot.confirmed_lsn for slot in self.slots}


def needed_s(heartbeats_ms: Sequence[int | None], flush: float) -> float:
    """Returns how long every slot is given to move, in seconds; a heartbeat of None is unknown."""
    beat_s = max((each or 0 for each in heartbeats_ms), default=0) / 1000
    return LEAST_S + min(flush + 2 * beat_s, MOST_S)


def flush_s(worker: Mapping[str, str]) -> float:
    """Returns after how long a worker has flushed its offsets; at least the default's time."""
    interval = worker.get(FLUSH, "")
    known = bool(interval) and not is_hidden(interval)
    return max(FLUSH_S, flush_interval_ms(worker) / 1000) if known else FLUSH_S


class TeamPipeline:
    """The connectors on the database of a stack; on one of the suite those that it registered."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._database = Database(experiment.stack.endpoints.database.conninfo)

    def watch(self) -> None:
        """Watches until every slot has moved and every change has its event, or for long enough
        to know that they don't; records it."""
        experiment = self._experiment
        try:
            team = team_of(experiment.stack)
        except NoConnector as error:
            slots = all_slots(self._database)
            experiment.record.write(PIPELINE, PipelineRecord((), slots, (), absent=words_of(error)))
            return
        began_ns, before = clock.now_ns(), self._look(team)
        with experiment.progress.phase("watching the pipeline"), suppress(NotInTime):
            self._touch()
            within = experiment.patience_at_least(self._needed_s(team))
            wait_until(lambda: self._settled(team, before, began_ns), bool, within, "slots to move")
        self._await_events(team, before)
        after = self._look(team)
        looked_s = (clock.now_ns() - began_ns) / clock.NS_PER_S
        experiment.record.write(PIPELINE, self._recorded(team, before, after, looked_s))

    def _touch(self) -> None:
        """Changes one row on a stack of the suite.

        If PostgreSQL refuses, there is no change to wait for.
        """
        if not self._experiment.stack.shared:
            with suppress(psycopg.Error):
                self._database.execute(TOUCH)

    def _needed_s(self, team: Team) -> float:
        return needed_s([each.heartbeat_ms for each in team.connectors], self._flush_s())

    def _flush_s(self) -> float:
        return flush_s(self._experiment.stack.baseline.worker)

    def _settled(self, team: Team, before: _Look, began_ns: int) -> bool:
        """Whether each slot has moved or can't move, after the least time."""
        least_s = self._experiment.scaled(LEAST_S, 3)
        if clock.now_ns() - began_ns < least_s * clock.NS_PER_S:
            return False
        confirmed, slots = before.confirmed(), {s.name: s for s in all_slots(self._database)}
        wanted = [slots[c.slot] for c in team.connectors if c.slot in slots]
        return all(
            not slot.active or slot.confirmed_lsn > confirmed.get(slot.name, 0) for slot in wanted
        )

    def _await_events(self, team: Team, before: _Look) -> None:
        """Waits until the topic of each table that changed has grown."""
        after = self._changes()
        awaited = {
            each.topic
            for each in team.tables
            if after.get(each.table.qualified, 0) > before.changes.get(each.table.qualified, 0)
        }
        within = self._experiment.patience_at_least(EVENTS_S)
        with self._experiment.progress.phase("waiting for the events"), suppress(NotInTime):
            wait_until(
                lambda: all(self._stored(each) > before.stored.get(each, 0) for each in awaited),
                bool,
                within,
                "events of the changes",
            )

    def _look(self, team: Team) -> _Look:
        # Events first, at the end as well: a change that is counted is not later than its event.
        stored = {topic: self._stored(topic) for topic in team.topics}
        return _Look(
            all_slots(self._database), written_lsn(self._database), stored, self._changes()
        )

    def _changes(self) -> dict[str, int]:
        return {table.qualified: table.changes for table in tables_of(self._database)}

    def _stored(self, topic: str) -> int:
        """Returns how many records a topic ever got; 0 without the topic."""
        broker = self._experiment.broker
        return sum(broker.end_offsets(topic).values()) if topic in broker.topics() else 0

    def _recorded(self, team: Team, before: _Look, after: _Look, looked_s: float) -> PipelineRecord:
        return PipelineRecord(
            connectors=states_of(self._experiment, team.connectors),
            slots=after.slots,
            tables=[self._seen(each, before, after) for each in team.tables],
            confirmed_before=before.confirmed(),
            written_before=before.written_lsn,
            written_lsn=after.written_lsn,
            keep_bytes=keep_bytes(self._database),
            looked_s=round(looked_s, 1),
            unmapped=team.unmapped,
            left_out=team.doubts,
            flush_s=self._flush_s(),
        )

    def _seen(self, each: TeamTable, before: _Look, after: _Look) -> TableSeen:
        name, topic = each.table.qualified, each.topic
        stored = after.stored.get(topic, 0)
        changed = after.changes.get(name, 0) - before.changes.get(name, 0)
        return TableSeen(
            table=name,
            topic=topic,
            connector=each.connector.name,
            changed=max(0, changed),
            arrived=stored - before.stored.get(topic, 0),
            stored=stored,
            event_age_s=self._age_s(topic) if changed and stored else None,
            rows=each.table.rows,
            published=each.published,
            named=each.named,
        )

    def _age_s(self, topic: str) -> float | None:
        """Returns the age of a topic's last record by its time stamp; None if it has none."""
        try:
            stamp_ms = self._experiment.broker.last_timestamp_ms(topic)
        except KafkaException:
            return None
        now_ms = clock.utc_now().timestamp() * 1000
        return round(max(0.0, now_ms - stamp_ms) / 1000, 1) if stamp_ms > 0 else None
