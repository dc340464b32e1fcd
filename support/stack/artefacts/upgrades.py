"""Pairs of versions for an upgrade: which Debezium fits a Kafka, and what is no upgrade."""

from __future__ import annotations

import dataclasses

from support.errors import SettingsError
from support.settings import Settings
from support.settings.versions import version_number
from support.stack.artefacts.lockfile import Lock, locked_versions
from support.stack.artefacts.pairs import check_pair

MADE_FOR: dict[tuple[int, ...], tuple[int, ...]] = {
    (2, 5): (3, 6),
    (2, 7): (3, 7),
    (3, 1): (3, 9),
    (3, 3): (4, 1),
    (3, 6): (4, 3),
    (3, 7): (4, 4),
}
"""Debezium -> the Kafka that it was built with, by its release notes. 3.7 was built with 4.3.1; it
fixes a failure of its predecessors on 4.4."""


def newest_kafka() -> str:
    """The newest version of Kafka that has a lock file."""
    return locked_versions("kafka")[-1]


def fitting_debezium(kafka: str) -> str:
    """The newest locked Debezium that was not built with a newer Kafka; else the oldest one."""
    known = locked_versions("debezium")
    made_for = {each: MADE_FOR.get(version_number(each)[:2]) for each in known}
    limit = version_number(kafka)[:2]
    fitting = [each for each, built_with in made_for.items() if built_with and built_with <= limit]
    return fitting[-1] if fitting else known[0]


def after_upgrade(settings: Settings) -> Settings:
    """The settings of the stack after the upgrade.

    Where they name no Debezium, it is the one that fits, or the present one if that is newer.
    """
    fitting = fitting_debezium(settings.kafka_to)
    debezium = settings.debezium_to or max(fitting, settings.debezium_version, key=version_number)
    return dataclasses.replace(settings, kafka_version=settings.kafka_to, debezium_version=debezium)


def check_upgrade(settings: Settings) -> None:
    """Raises SettingsError for versions between which there is no upgrade; reads lock files only.

    Both versions need a lock file, neither part may become older, and both pairs have to work.
    """
    after = after_upgrade(settings)
    for each in (settings, after):
        Lock.read(f"kafka-{each.kafka_version}")
        Lock.read(f"debezium-{each.debezium_version}")
    _check_newer("Kafka", "kafka", settings.kafka_version, after.kafka_version)
    _check_newer("Debezium", "debezium", settings.debezium_version, after.debezium_version)
    if settings.kafka_version == after.kafka_version:
        raise SettingsError(
            "Nothing would be upgraded.",
            seen=f"Kafka {settings.kafka_version} before and after",
            then=f"make upgrade-check FROM={settings.kafka_version} TO={newest_kafka()}",
        )
    for each in (settings, after):
        if not each.allow_broken_pair:
            check_pair(each.kafka_version, each.debezium_version)


def _check_newer(name: str, part: str, before: str, after: str) -> None:
    if version_number(after) < version_number(before):
        raise SettingsError(
            f"{name} {after} is older than {name} {before}: that is no upgrade.",
            wanted=f"one of {', '.join(_from(part, before))}",
            then="exchange FROM and TO, or name a newer version",
        )


def _from(part: str, version: str) -> list[str]:
    known = locked_versions(part)
    return [each for each in known if version_number(each) >= version_number(version)]
