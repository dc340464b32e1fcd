"""Pairs of a Kafka and a Debezium version that can't work together."""

from __future__ import annotations

from support.errors import SettingsError
from support.settings.versions import version_number

CONNECT_WITHOUT_COMMIT_RECORD = (4, 0)
"""Kafka version whose SourceTask has no commitRecord(SourceRecord) any more."""
DEBEZIUM_WITHOUT_COMMIT_RECORD = (3, 1, 1)
"""First Debezium version that overrides commitRecord(SourceRecord, RecordMetadata) instead
(DBZ-8875)."""


def check_pair(kafka: str, debezium: str) -> None:
    """Raises SettingsError for a Debezium that this version of Kafka Connect never lets commit."""
    connect, plugin = version_number(kafka), version_number(debezium)
    if connect < CONNECT_WITHOUT_COMMIT_RECORD or plugin >= DEBEZIUM_WITHOUT_COMMIT_RECORD:
        return
    raise SettingsError(
        f"Debezium {debezium} does not work on Kafka Connect {kafka}: the replication slot would "
        "never be confirmed.",
        cause="Kafka Connect 4.0 removed SourceTask.commitRecord(SourceRecord), which Debezium up "
        "to 3.1.0 needs: PostgreSQL keeps all WAL while the connector is RUNNING",
        then="-D debezium_version=3.1.3.Final or newer; -D allow_broken_pair=yes shows the loss",
    )
