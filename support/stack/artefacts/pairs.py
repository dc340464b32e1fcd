"""Pairs of a Kafka and a Debezium version that can't work together."""

from __future__ import annotations

from support.errors import SettingsError
from support.settings.versions import version_number

CONNECT_WITHOUT_COMMIT_RECORD = (4, 0)
"""Kafka version whose SourceTask has no commitRecord(SourceRecord) any more."""
DEBEZIUM_WITH_OWN_COMMITS = (2, 6, 2)
"""First Debezium version whose PostgreSQL connector has commitRecord(SourceRecord, RecordMetadata)
(read from class files). In Debezium's base class it came in 3.1.1 (DBZ-8875)."""


def check_pair(kafka: str, debezium: str) -> None:
    """Raises SettingsError for a Debezium that this version of Kafka Connect never lets commit."""
    connect, plugin = version_number(kafka), version_number(debezium)
    if connect < CONNECT_WITHOUT_COMMIT_RECORD or plugin >= DEBEZIUM_WITH_OWN_COMMITS:
        return
    raise SettingsError(
        f"Debezium {debezium} does not work on Kafka Connect {kafka}: the replication slot would "
        "never be confirmed.",
        cause="Kafka Connect 4.0 removed SourceTask.commitRecord(SourceRecord), which Debezium's "
        "PostgreSQL connector before 2.6.2 needs: PostgreSQL keeps all WAL while the connector is "
        "RUNNING",
        then="-D debezium_version=2.7.4.Final or newer; -D allow_broken_pair=yes shows the loss",
    )
