"""Reads the topics of the captured tables and takes every event apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from support.clients.broker import BrokerClient
from support.ledger.envelope import ROWLESS, Envelope, IllegalEvent, read_envelope
from support.ledger.events import NO_ROW, Event, EventLog
from support.load.topic_reader import TopicReader

_KEY = msgspec.json.Decoder(dict[str, Any])


def read_to_end(
    client: BrokerClient,
    consumer: Mapping[str, str],
    topics: Sequence[str],
    take: Callable[[Any], None],
    patience: timedelta,
) -> bool:
    """Hand every record from the beginning to the ends of now to `take`; False when not all came.

    Gives up after `patience` without any record.
    """
    reader = TopicReader(client, consumer, "kafka-validation-cdc", topics, patience)
    for batch in reader:
        for message in batch:
            if message.offset() < reader.ends[message.topic(), message.partition()]:
                take(message)
    return reader.complete


def read_events(
    client: BrokerClient,
    consumer: Mapping[str, str],
    topics: Iterable[str],
    patience: timedelta,
    *,
    full_identity: bool = True,
) -> EventLog:
    """Every event in the topics of now."""
    events, illegal = list[Event](), list[str]()

    def take(message: Any) -> None:
        try:
            events.append(to_event(message, full_identity=full_identity))
        except IllegalEvent as error:
            illegal.append(str(error))

    complete = read_to_end(client, consumer, tuple(topics), take, patience)
    return EventLog(events, illegal, complete, full_identity)


def not_envelopes(
    client: BrokerClient,
    consumer: Mapping[str, str],
    topics: Sequence[str],
    last: int,
    patience: timedelta,
) -> list[str]:
    """Of the last records of each partition those that are no legal envelope, whoever's they are:
    tombstones are fine, and so is any identity of the rows."""
    reader = TopicReader(client, consumer, "kafka-validation-cdc", topics, patience, last)
    found = []
    for message in (each for batch in reader for each in batch if each.value() is not None):
        try:
            read_envelope(message.value(), full_identity=False)
        except IllegalEvent as error:
            place = f"{message.topic()}, partition {message.partition()}"
            found.append(f"{place}, offset {message.offset()}: {error}")
    return found


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
