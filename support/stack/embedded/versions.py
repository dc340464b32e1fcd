"""The versions that the embedded stack is started with."""

from __future__ import annotations

from collections.abc import Mapping

from support.errors import StackError
from support.settings import Settings

NAMES = {"kafka": "Kafka", "debezium": "Debezium", "postgres": "PostgreSQL"}


def chosen_versions(settings: Settings) -> dict[str, str]:
    """Part -> the version that the settings choose."""
    return {
        "kafka": settings.kafka_version,
        "debezium": settings.debezium_version,
        "postgres": settings.postgres_version,
    }


def check_versions(running: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """Raises StackError if the stack that was left running has another version of a part.

    A state file of an earlier version of this suite does not name them; then nothing is checked.
    """
    for part, name in NAMES.items():
        if (has := running.get(part, wanted[part])) != wanted[part]:
            raise StackError(
                f"The stack that `make up` left running has {name} {has}, and this run asks for "
                f"{name} {wanted[part]}.",
                then=f"make down, then the same command again; or -D {part}_version={has}",
            )
