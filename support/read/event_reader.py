"""Reads the topics of the captured tables and takes every event apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from support.clients.broker import BrokerClient
from support.errors import Inconclusive
from support.read.topic_reader import TopicReader
from support.record.envelope import ROWLESS, Envelope, IllegalEvent, read_envelope
from support.record.events import NO_ROW, Event, EventLog

_KEY = msgspec.json.Decoder(dict[str, Any])


def read_to_end(
    client: BrokerClient,
    topics: Sequence[str],
    take: Callable[[Any], None],
    patience: timedelta,
) -> TopicReader:
    """Hand every record from the beginning to the ends of now to `take`; the reader tells what did
    not come. Gives up after `patience` without progress.
    """
    reader = TopicReader(client, "kafka-validation-cdc", topics, patience)
    for batch in reader:
        for message in batch:
            if message.offset() < reader.ends[message.topic(), message.partition()]:
                take(message)
    return reader


def read_events(
    client: BrokerClient,
    topics: Iterable[str],
    patience: timedelta,
    *,
    full_identity: bool = True,
) -> EventLog:
    """Every event in the topics of now; a damaged batch is illegal."""
    events, illegal = list[Event](), list[str]()

    def take(message: Any) -> None:
        try:
            events.append(to_event(message, full_identity=full_identity))
        except IllegalEvent as error:
            illegal.append(str(error))

    reader = read_to_end(client, tuple(topics), take, patience)
    illegal += map(str, reader.damaged)
    return EventLog(events, illegal, reader.complete, full_identity)


def not_envelopes(
    client: BrokerClient,
    topics: Sequence[str],
    last: int,
    patience: timedelta,
) -> list[str]:
    """Of the last records of each partition those that are no legal envelope, whoever's they are:
    tombstones are fine, and so is any identity of the rows. Raises Inconclusive when they were not
    read to their end."""
    reader = TopicReader(client, "kafka-validation-cdc", topics, patience, last)
    found = []
    for message in (each for batch in reader for each in batch if each.value() is not None):
        try:
            read_envelope(message.value(), full_identity=False)
        except IllegalEvent as error:
            place = f"{message.topic()}, partition {message.partition()}"
            found.append(f"{place}, offset {message.offset()}: {error}")
    if not reader.complete:
        raise Inconclusive(
            "The last events were not read to their end.", seen=f"{reader.unreadable}"
        )
    return found + [str(each) for each in reader.damaged]


def to_event(message: Any, *, full_identity: bool = True) -> Event:
    """Raises IllegalEvent that names topic, partition, offset and field."""
    topic, value = message.topic(), message.value()
    place = message.partition(), message.offset()
    try:
        envelope = None
        if value is not None:
            envelope = read_envelope(value, full_identity=full_identity)
        key = _id_of(message.key(), envelope)
    except IllegalEvent as error:
        told = f"{topic}, partition {place[0]}, offset {place[1]}: {error}"
        raise IllegalEvent(told) from error
    table = topic.rpartition(".")[2]
    return Event(table, *place, key, envelope, message.timestamp()[1])


def _id_of(key: bytes | None, envelope: Envelope | None) -> int:
    """The row's id in a record's key, bare or wrapped by the JSON converter. An event of a table
    without a primary key has it in its row only."""
    if envelope is not None and envelope.op in ROWLESS:
        return NO_ROW
    if key is None:
        id_ = ((envelope.after or envelope.before or {}) if envelope else {}).get("id")
        if isinstance(id_, int):
            return id_
        raise IllegalEvent("there is no key, as of a table without a primary key - at `$key`")
    try:
        raw = _KEY.decode(key)
        return msgspec.convert(raw.get("payload", raw)["id"], int)
    except (msgspec.MsgspecError, KeyError, TypeError, AttributeError) as error:
        told = key[:80].decode(errors="replace")
        raise IllegalEvent(f"the key {told} has no whole number `id` - at `$key.id`") from error
