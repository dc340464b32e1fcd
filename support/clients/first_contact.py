"""The first connection to a cluster: it succeeds, or one error says why not.

A client of librdkafka retries for ever. Why it fails is only in the events that it reports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from support.clients.connection import client_config, slices
from support.clients.kafka_address import KafkaAddress
from support.clients.refusals import OTHER, refusal_of
from support.errors import StackError

PATIENCE = timedelta(seconds=10)
"""For a server that does not answer at all. One that refuses is reported at once."""

CONSEQUENCES = ("_ALL_BROKERS_DOWN", "_TIMED_OUT")
PLACE = re.compile(r"^(?:\w+://)?(\S+?)(?:/bootstrap|/\d+)?: ")
TIMING = re.compile(r" \(after \d+ms in state \w+(?:, \d+ identical error\(s\) suppressed)?\)")


@dataclass(frozen=True)
class Event:
    """An error that the client reported: its name, the server (HOST:PORT) and the words."""

    name: str
    server: str
    words: str


def first_contact(kafka: KafkaAddress, within: timedelta = PATIENCE) -> tuple[int, ...]:
    """The ids of the brokers. Raises StackError with the cause and without a secret."""
    reported: list[KafkaError] = []
    client = AdminClient({**client_config(kafka), "error_cb": reported.append})
    for seconds in slices(within):
        try:
            return tuple(sorted(client.list_topics(timeout=seconds).brokers))
        except KafkaException as error:
            reported.append(error.args[0])
        client.poll(0)
        if _decided(kafka, events := [_event(kafka, each) for each in reported]):
            break
    raise _error(kafka, [each for each in events if each.name not in CONSEQUENCES] or events)


def _event(kafka: KafkaAddress, error: KafkaError) -> Event:
    words = TIMING.sub("", kafka.without_secrets(str(error.str())))
    found = PLACE.match(words)
    return Event(str(error.name()), found[1] if found else "", words[found.end() if found else 0 :])


def _decided(kafka: KafkaAddress, events: Sequence[Event]) -> bool:
    """Whether every server has refused this client, so that trying again is in vain."""
    refused = [each for each in events if refusal_of(each.words) is not OTHER]
    servers = {each.server for each in refused if each.server}
    enough = bool(refused) and (len(servers) >= len(kafka.servers) or not servers)
    return enough and refusal_of(refused[0].words).confirmed(kafka)


def _error(kafka: KafkaAddress, events: Sequence[Event]) -> StackError:
    # A refusal says more than a lost connection, and the first error more than its repetitions.
    best = min(events, key=lambda each: (refusal_of(each.words) is OTHER, not each.server))
    refusal = refusal_of(best.words).explained(kafka, best.words)
    what = "answers" if refusal.pattern == OTHER.pattern else "accepts this client"
    return StackError(
        f"No Kafka broker {what} at {kafka}.",
        seen=f"{best.server}: {best.words}" if best.server else best.words,
        cause=refusal.cause,
        then=refusal.then,
    )
