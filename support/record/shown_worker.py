"""Chooses the settings of a worker that others run that may be recorded."""

from __future__ import annotations

from collections.abc import Mapping

EXPLAINED = frozenset(
    {
        "producer.acks",
        "producer.enable.idempotence",
        "producer.max.in.flight.requests.per.connection",
        "producer.retries",
        "producer.delivery.timeout.ms",
        "producer.max.request.size",
        "key.converter",
        "key.converter.schemas.enable",
        "value.converter",
        "value.converter.schemas.enable",
        "value.converter.replace.null.with.default",
        "offset.flush.interval.ms",
        "offset.flush.timeout.ms",
        "connector.client.config.override.policy",
        "exactly.once.source.support",
        "heartbeat.interval.ms",
        "session.timeout.ms",
        "config.storage.replication.factor",
        "offset.storage.replication.factor",
        "status.storage.replication.factor",
    }
)
"""Settings that a check judges or a report explains. None of them is a secret."""


def explained_of_worker(worker: Mapping[str, str]) -> dict[str, str]:
    """Returns the settings that are judged or explained.

    The file of a worker has secrets under names that only its plug-ins know, so that no list of
    such names is complete.
    """
    return {name: value for name, value in worker.items() if name in EXPLAINED}
