"""`make upgrade-check` completes the versions, and refuses wrong ones in one message."""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

from support.errors import SettingsError
from support.upgrade.__main__ import completed, main


def test_what_is_not_given_is_the_default_and_the_newest() -> None:
    assert completed({}) == {
        "kafka_version": "3.6.1",
        "debezium_version": "2.5.4.Final",
        "kafka_to": "4.4.0",
        "debezium_to": "3.7.0.Final",
    }


def test_each_debezium_fits_its_kafka_unless_it_is_named() -> None:
    found = completed({"kafka_version": "4.3.1", "kafka_to": "4.4.0"})
    assert (found["debezium_version"], found["debezium_to"]) == ("3.6.1.Final", "3.7.0.Final")
    named = completed({"debezium_version": "2.7.4", "debezium_to": "3.6.1", "scale": "0.05"})
    assert (named["debezium_version"], named["debezium_to"]) == ("2.7.4.Final", "3.6.1.Final")
    assert named["scale"] == "0.05"


def test_a_default_that_is_named_is_not_replaced() -> None:
    with pytest.raises(SettingsError, match="does not work on Kafka Connect"):
        completed({"kafka_version": "4.3.1", "debezium_version": "2.5.4"})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["-D", "kafka_to=9.9.9"], "There is no lock file for kafka-9.9.9"),
        (["-D", "kafka_version=4.4.0", "-D", "kafka_to=3.6.1"], "older"),
        (["-D", "kafka_too=4.4.0"], "kafka_to"),
    ],
)
def test_a_wrong_version_is_one_message(
    given: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given) == 2
    assert message in capsys.readouterr().err


def test_behave_gets_every_version_and_all_other_options(monkeypatch: pytest.MonkeyPatch) -> None:
    class Became(Exception):
        """Ends the test as execv() ends the program."""

    def become(*command: Any) -> None:
        raise Became(*command)

    monkeypatch.setattr(os, "execv", become)
    with pytest.raises(Became) as became:
        main(["-D", "kafka_to=4.3.1", "-D", "scale=0.05", "--name", "broker"])
    program, command = became.value.args
    assert program == sys.executable
    assert command[1:5] == ["-m", "behave", "--tags", "@upgrade"]
    assert {"kafka_version=3.6.1", "debezium_to=3.6.1.Final", "scale=0.05"} <= set(command)
    assert command[-2:] == ["--name", "broker"]
