"""The Baseline Configuration is complete, documented line by line, and can be overridden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.baseline import FOLDER, Baseline
from support.clients.connection import check_client_settings
from support.errors import SettingsError
from support.java_properties import read_properties


def test_overrides_replace_one_key_and_nothing_else() -> None:
    plain = Baseline.load({})
    changed = Baseline.load({"broker": {"message.max.bytes": "600"}, "producer": {"acks": "0"}})
    assert changed.broker == {**plain.broker, "message.max.bytes": "600"}
    assert changed.producer == {**plain.producer, "acks": "0"}
    assert (changed.topic, changed.consumer) == (plain.topic, plain.consumer)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.properties")), ids=lambda p: p.name)
def test_every_block_of_settings_begins_with_its_reason(path: Path) -> None:
    blocks = path.read_text().strip().split("\n\n")
    assert all(block.startswith("#") for block in blocks)


def test_every_setting_of_the_connector_that_needs_a_reason_has_one() -> None:
    connector = json.loads((FOLDER / "connector.json").read_text())
    names = {
        "connector.class",
        "tasks.max",
        "schema.include.list",
        "table.include.list",
        "slot.name",
        "publication.name",
    }
    assert set(connector["config"]) - names == set(connector["reasons"])


@pytest.mark.parametrize(
    ("part", "key"),
    [
        ("broker", "listeners"),
        ("broker", "log.dirs"),
        ("connector", "database.hostname"),
        ("producer", "bootstrap.servers"),
        ("producer", "request.required.acks"),
        ("consumer", "auto.commit.enable"),
    ],
)
def test_what_a_run_decides_itself_can_not_be_overridden(part: str, key: str) -> None:
    with pytest.raises(SettingsError, match=f"{part}.{key} can't be overridden"):
        Baseline.load({part: {key: "x"}})


def test_a_password_may_be_one_that_the_worker_looks_up() -> None:
    reference = "${file:/run/secrets/db.properties:password}"
    loaded = Baseline.load({"connector": {"database.password": reference}})
    assert loaded.connector["database.password"] == reference
    with pytest.raises(SettingsError, match="can't be overridden"):
        Baseline.load({"connector": {"database.password": "a password"}})


@pytest.mark.parametrize(
    ("part", "settings"), [("producer", {"acks": "5000"}), ("consumer", {"fetch.mim.bytes": "1"})]
)
def test_client_settings_are_refused_before_anything_is_started(
    part: str, settings: dict[str, str]
) -> None:
    plain = Baseline.load({})
    check_client_settings(plain.producer, plain.consumer)
    changed = Baseline.load({part: settings})
    with pytest.raises(SettingsError, match=f"librdkafka refuses the {part}'s settings"):
        check_client_settings(changed.producer, changed.consumer)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "broker.properties").write_text("num.partitions\n")
    with pytest.raises(ValueError, match=r"broker.properties:1: 'num.partitions'"):
        read_properties(tmp_path / "broker.properties")
    with pytest.raises(SettingsError, match="restore the folder"):
        Baseline.load({}, tmp_path)


@pytest.mark.parametrize("key", ["partitions", "replication.factor"])
@pytest.mark.parametrize("value", ["three", "0", "-2", "1.5", ""])
def test_a_count_that_no_topic_can_have_is_refused_before_anything_is_started(
    key: str, value: str
) -> None:
    Baseline.load({"topic": {key: "-1"}})
    Baseline.load({"topic": {key: "6"}})
    with pytest.raises(SettingsError, match=f"topic.{key} is a whole number above 0"):
        Baseline.load({"topic": {key: value}})


def test_a_part_of_a_converter_s_settings_is_no_setting_without_effect() -> None:
    plain = Baseline.load({})
    assert not any("converter" in key for key in plain.connector)
    changed = Baseline.load({"connector": {"value.converter.schemas.enable": "true"}}).connector
    assert changed["value.converter"] == plain.worker["value.converter"]
    assert changed["value.converter.schemas.enable"] == "true"
    assert "key.converter" not in changed
