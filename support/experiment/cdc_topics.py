"""Reads whether Debezium runs and its topics carry events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from support.clients.database import Database
from support.clients.replication_slots import all_slots
from support.clients.team_connectors import PostgresConnector
from support.errors import NotInTime, StackError, words_of
from support.experiment.experiment import Experiment
from support.experiment.team import Team, any_row, states_of, team_of, unsent
from support.read.event_reader import not_envelopes
from support.record.cdc_topics import CDC_TOPICS, CdcTopicsRecord
from support.record.team_pipeline import ConnectorSeen
from support.waiting import wait_until

LOOKED_AT = 20
"""Number of events of each partition whose form is checked, by any producer."""
CONVERTER = "value.converter"
FORBIDDEN = "may not be described, or does not exist"
UNREADABLE = "no event, and this role may not read whether its table has rows"


def record_cdc_topics(experiment: Experiment) -> None:
    """Records the state of the CDC topics, after waiting for the rows that exist from the start.

    On a stack of others they are the topics of all tables that their connectors capture.
    """
    stack = experiment.stack
    trouble: Exception | None = stack.cdc_trouble()
    team = Team((), ())
    if trouble is None:
        try:
            team = team_of(experiment.stack)
        except StackError as error:
            trouble = error
    if trouble is not None:
        experiment.record.write(CDC_TOPICS, CdcTopicsRecord(words_of(trouble), {}))
        return
    seen = CdcTopics(experiment, team).seen()
    experiment.record.write(CDC_TOPICS, seen)


class CdcTopics:
    """The topics of a team's tables; on a stack of the suite those of the Baseline Configuration.

    On a stack of the suite, every captured table has rows from the start.
    """

    def __init__(self, experiment: Experiment, team: Team) -> None:
        self._experiment, self._team = experiment, team
        self._names = team.topics
        self._empty: tuple[str, ...] = ()
        self._unknown: dict[str, str] = {}
        if not experiment.stack.shared:
            self._names = experiment.stack.baseline.cdc_topics

    def seen(self) -> CdcTopicsRecord:
        """Returns what the topics hold, and the states of their connectors."""
        connectors = states_of(self._experiment, self._team.connectors)
        if self._experiment.stack.shared:
            self._look_at_those_without_events()
        events = self._awaited(connectors)
        empty = tuple(name for name in self._empty if not events.get(name))
        looked_at, unchecked = self._with_envelopes()
        stored = [name for name in looked_at if events.get(name)]
        return CdcTopicsRecord(
            "",
            events,
            tuple(self._illegal(stored)) if stored else (),
            empty,
            (*unchecked, *self._team.unmapped, *self._team.elsewhere),
            connectors,
            all_slots(self._database()),
            {name: why for name, why in self._unknown.items() if not events.get(name)},
            tuple(self._not_judged()) if self._experiment.stack.shared else (),
        )

    def _look_at_those_without_events(self) -> None:
        """Finds the topics without an event that need not have one, and those not known to."""
        without = [name for name, count in self._events().items() if not count]
        database = self._database()
        rows = {name: any_row(database, self._team.tables_of(name)) for name in without}
        self._empty = tuple(name for name, found in rows.items() if found is False)
        self._unknown = {name: UNREADABLE for name, found in rows.items() if found is None}
        self._unknown |= {name: FORBIDDEN for name in without if self._forbidden(name)}

    def _not_judged(self) -> Iterator[str]:
        """Yields the connectors, and the tables with rows, about whose topics nothing is known."""
        yield from self._team.doubts
        yield from unsent(self._team, self._experiment.broker.topics())
        for each in self._team.tables:
            if each.unmapped and any_row(self._database(), [each.table]) is not False:
                yield f"{each.table.qualified}: {each.unmapped}"

    def _database(self) -> Database:
        return Database(self._experiment.stack.endpoints.database.conninfo)

    def _forbidden(self, topic: str) -> bool:
        try:
            self._experiment.broker.partitions(topic)
        except StackError:
            return True
        return False

    def _awaited(self, connectors: Sequence[ConnectorSeen]) -> dict[str, int]:
        """Returns topic -> number of its records, once none is missing that can still come."""
        within = self._experiment.patience_at_least(30)
        running = all(each.state.running for each in connectors)
        with suppress(NotInTime):
            wait_until(self._events, lambda e: not running or self._full(e), within, "CDC events")
        return self._events()

    def _events(self) -> dict[str, int]:
        broker = self._experiment.broker
        existing = broker.topics()
        return {
            name: sum(broker.end_offsets(name).values()) if name in existing else 0
            for name in self._names
        }

    def _full(self, events: dict[str, int]) -> bool:
        given_up = {*self._empty, *(n for n, why in self._unknown.items() if why == FORBIDDEN)}
        return all(count for name, count in events.items() if name not in given_up)

    def _with_envelopes(self) -> tuple[list[str], list[str]]:
        """Returns the topics whose records must be JSON envelopes, and why others need not."""
        if not self._experiment.stack.shared:
            return list(self._names), []
        why = {c.name: list(_other_form(c)) for c in self._team.connectors}
        others = {each.topic for each in self._team.tables if why[each.connector.name]}
        unchecked = [
            f"form of the events of connector {name} not looked at: {'; '.join(reasons)}"
            for name, reasons in why.items()
            if reasons
        ]
        unchecked += [
            f"{CONVERTER} of connector {c.name} is that of its worker, which is not known: only "
            "records that are JSON were looked at"
            for c in self._team.connectors
            if not _names_converter(c)
        ]
        return [name for name in self._names if name not in others], unchecked

    def _illegal(self, topics: Sequence[str]) -> list[str]:
        within = self._experiment.patience(10)
        binary = {each.topic for each in self._team.tables if not _names_converter(each.connector)}
        unknown = binary if self._experiment.stack.shared else ()
        return not_envelopes(self._experiment.broker, topics, LOOKED_AT, within, unknown)


def _names_converter(connector: PostgresConnector) -> bool:
    """Whether the form of its records is known: that of its worker is not."""
    return CONVERTER in connector.config


def _other_form(connector: PostgresConnector) -> Iterator[str]:
    """Yields what makes a connector's records something else than JSON envelopes."""
    converter = connector.config.get(CONVERTER, "")
    if converter and not converter.endswith(".JsonConverter"):
        yield f"{CONVERTER}={converter}"
    if connector.unwraps:
        yield "its transform ExtractNewRecordState leaves no envelope"
    yield from connector.unmapped
