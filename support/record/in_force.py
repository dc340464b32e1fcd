"""Settings in force of the clients, the brokers, the topics and Kafka Connect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from support.record.capture_in_force import Capture
from support.record.secrets import without_secrets
from support.record.section import json_section
from support.record.shown_worker import explained_of_worker
from support.record.topic_in_force import TopicInForce, Values


@dataclass(frozen=True)
class InForce:
    """The settings that at-least-once delivery depends on; clients in librdkafka's names.

    `capture` is the connector of the suite, where it fills the topics. On a stack of others it is
    None, and `team` has their connectors by name. `not_known` says what could not be read.
    """

    producer: Mapping[str, str]
    consumer: Mapping[str, str]
    brokers: Mapping[int, Values]
    topics: Sequence[TopicInForce]
    capture: Capture | None
    commit_first: bool = False
    """Whether the consumer commits a record before it processes it."""
    team: Mapping[str, Capture] = field(default_factory=dict)
    not_known: tuple[str, ...] = ()

    def captures(self) -> Mapping[str, Capture]:
        """Returns every connector by its name; that of the suite has an empty name."""
        return {**({} if self.capture is None else {"": self.capture}), **self.team}


def _shown(seen: InForce) -> InForce:
    return replace(
        seen,
        producer=without_secrets(seen.producer),
        consumer=without_secrets(seen.consumer),
        capture=None if seen.capture is None else _capture_shown(seen.capture),
        team={name: _capture_shown(each) for name, each in seen.team.items()},
    )


def _capture_shown(capture: Capture) -> Capture:
    worker = capture.worker
    if worker is not None:
        worker = without_secrets(worker if capture.own else explained_of_worker(worker))
    return replace(capture, connector=without_secrets(capture.connector), worker=worker)


IN_FORCE = json_section("settings_in_force", InForce, _shown)
