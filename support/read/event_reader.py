"""Reads the topics of the captured tables, and turns every record into an event."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta

import msgspec
from confluent_kafka import Message

from support.clients.broker import BrokerClient
from support.errors import Inconclusive
from support.read.topic_reader import TopicReader
from support.record.envelope import ROWLESS, Envelope, IllegalEvent, read_envelope
from support.record.events import NO_ROW, Event, EventLog

GROUP = "kafka-validation-cdc"


class _Id(msgspec.Struct):
    id: int


class _Key(msgspec.Struct):
    """A record's key: bare, or a `payload` as the JSON converter wraps it with schemas enabled."""

    id: int | None = None
    payload: _Id | None = None


_KEY = msgspec.json.Decoder(_Key)


def read_to_end(
    client: BrokerClient,
    topics: Sequence[str],
    take: Callable[[Message], None],
    patience: timedelta,
) -> TopicReader:
    """Calls `take` with every record from the beginning to the current end of each partition.

    Stops when `patience` passes without progress. The returned reader knows what it did not read.
    """
    reader = TopicReader(client, GROUP, topics, patience)
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
    """Reads every event that the topics hold now; a damaged batch counts as an illegal event.

    `full_identity`: whether the tables' replica identity is FULL, so that an event must show the
    whole row before a change.
    """
    events, illegal = list[Event](), list[str]()

    def take(message: Message) -> None:
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
    binary: Collection[str] = (),
) -> list[str]:
    """Describes those of the last `last` records of each partition that are not legal envelopes.

    The records may be of any producer. Tombstones are legal, and so is any replica identity. In
    the topics of `binary`, records that are not JSON are left out: they may have another form.
    Raises Inconclusive when a partition could not be read to its end.
    """
    reader = TopicReader(client, GROUP, topics, patience, last)
    found = []
    for message in (each for batch in reader for each in batch if each.value() is not None):
        if message.topic() in binary and not message.value().startswith(b"{"):
            continue
        try:
            read_envelope(message.value(), full_identity=False)
        except IllegalEvent as error:
            found.append(f"{_position(message)}: {error}")
    if not reader.complete:
        raise Inconclusive(
            "The last events were not read to their end.", seen=f"{reader.unreadable}"
        )
    return found + [str(each) for each in reader.damaged]


def to_event(message: Message, *, full_identity: bool = True) -> Event:
    """Turns a record into an event.

    Raises IllegalEvent, which names topic, partition, offset and field.
    """
    topic, value = message.topic(), message.value()
    try:
        envelope = None
        if value is not None:
            envelope = read_envelope(value, full_identity=full_identity)
        key = _id_of(message.key(), envelope)
    except IllegalEvent as error:
        raise IllegalEvent(f"{_position(message)}: {error}") from error
    table, stored_ms = topic.rpartition(".")[2], message.timestamp()[1]
    return Event(table, message.partition(), message.offset(), key, envelope, stored_ms)


def _position(message: Message) -> str:
    return f"{message.topic()}, partition {message.partition()}, offset {message.offset()}"


def _id_of(key: bytes | None, envelope: Envelope | None) -> int:
    """Returns the row's id: from the key, or from the row itself if the record has no key.

    The key is missing where the table has no primary key. NO_ROW for an event of no row.
    """
    if envelope is not None and envelope.op in ROWLESS:
        return NO_ROW
    if key is None:
        id_ = ((envelope.after or envelope.before or {}) if envelope else {}).get("id")
        if isinstance(id_, int):
            return id_
        raise IllegalEvent("there is no key, as of a table without a primary key - at `$key`")
    try:
        read = _KEY.decode(key)
    except msgspec.MsgspecError as error:
        raise _without_id(key) from error
    id_ = read.payload.id if read.payload is not None else read.id
    if id_ is None:
        raise _without_id(key)
    return id_


def _without_id(key: bytes) -> IllegalEvent:
    text = key[:80].decode(errors="replace")
    return IllegalEvent(f"the key {text} has no whole number `id` - at `$key.id`")
