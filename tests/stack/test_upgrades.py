"""Versions between which there is no upgrade are refused before anything starts."""

from __future__ import annotations

import io

import pytest

from support.errors import SettingsError, StackError
from support.progress import Progress
from support.settings import Settings
from support.stack.artefacts.lockfile import locked_versions
from support.stack.artefacts.pairs import check_pair
from support.stack.artefacts.upgrades import (
    after_upgrade,
    check_upgrade,
    fitting_debezium,
    newest_kafka,
)
from support.stack.embedded.launcher import EmbeddedLauncher


def settings(kafka: str, to: str, **more: str) -> Settings:
    return Settings.load({"kafka_version": kafka, "kafka_to": to, **more}, {})


@pytest.mark.parametrize(
    ("kafka", "debezium"),
    [
        ("3.6.1", "2.5.4.Final"),
        ("3.9.2", "3.1.3.Final"),
        ("4.0.2", "3.1.3.Final"),
        ("4.1.2", "3.3.2.Final"),
        ("4.3.1", "3.6.1.Final"),
        ("4.4.0", "3.7.0.Final"),
        ("3.0.0", "2.5.4.Final"),
    ],
)
def test_the_debezium_of_the_same_row_fits(kafka: str, debezium: str) -> None:
    assert fitting_debezium(kafka) == debezium


def test_every_locked_kafka_has_a_debezium_that_works() -> None:
    for kafka in locked_versions("kafka"):
        check_pair(kafka, fitting_debezium(kafka))
    assert newest_kafka() == locked_versions("kafka")[-1]


def test_the_debezium_after_the_upgrade_fits_and_is_never_older() -> None:
    assert after_upgrade(settings("3.6.1", "4.3.1")).debezium_version == "3.6.1.Final"
    named = settings("3.6.1", "4.3.1", debezium_to="2.7.4")
    assert after_upgrade(named).debezium_version == "2.7.4.Final"
    newer = settings("3.6.1", "3.9.2", debezium_version="3.7.0.Final")
    assert after_upgrade(newer).debezium_version == "3.7.0.Final"


REFUSED = [
    (("3.6.1", "4.3.9", {}), "There is no lock file for kafka-4.3.9; the nearest: 4.3.1, 4.4.0"),
    (("3.6.0", "4.3.1", {}), "There is no lock file for kafka-3.6.0"),
    (("4.3.1", "3.6.1", {"debezium_version": "3.6.1"}), "Kafka 3.6.1 is older than Kafka 4.3.1"),
    (("3.6.1", "4.3.1", {"debezium_version": "3.7.0", "debezium_to": "2.7.4"}), "Debezium 2.7.4"),
    (("3.6.1", "4.3.1", {"debezium_to": "9.9.9"}), "no lock file for debezium-9.9.9.Final"),
    (("3.6.1", "4.3.1", {"debezium_to": "2.5.4"}), "does not work on Kafka Connect 4.3.1"),
    (("4.0.2", "4.3.1", {}), "does not work on Kafka Connect 4.0.2"),
    (("3.6.1", "3.6.1", {}), "Nothing would be upgraded"),
]


@pytest.mark.parametrize(("given", "message"), REFUSED, ids=[each[1] for each in REFUSED])
def test_what_is_no_upgrade_is_refused(
    given: tuple[str, str, dict[str, str]], message: str
) -> None:
    kafka, to, more = given
    with pytest.raises(SettingsError) as refused:
        check_upgrade(settings(kafka, to, **more))
    assert message in str(refused.value)


def test_a_broken_pair_is_allowed_on_request() -> None:
    check_upgrade(settings("3.6.1", "4.3.1", debezium_to="2.5.4", allow_broken_pair="yes"))


def test_a_stack_is_not_started_for_an_impossible_upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = EmbeddedLauncher(settings("4.3.1", "3.6.1"), Progress(io.StringIO()))
    monkeypatch.setattr(launcher, "_start_all", lambda: pytest.fail("it was started"))
    with pytest.raises(SettingsError, match="older than"):
        launcher.start()


def test_a_disk_has_to_have_room_for_two_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = EmbeddedLauncher(
        settings("3.6.1", "4.3.1", min_free_disk="1000000GB"), Progress(io.StringIO())
    )
    monkeypatch.setattr(launcher, "_start_all", lambda: pytest.fail("it was started"))
    with pytest.raises(StackError, match="too little free disk space") as refused:
        launcher.start()
    assert "at least 2000000.0 GB" in str(refused.value)


def test_another_target_refuses_to_ignore_the_version() -> None:
    with pytest.raises(SettingsError, match="kafka_to has no effect on the target compose"):
        Settings.load({"kafka_to": "4.3.1", "target": "compose"}, {})
