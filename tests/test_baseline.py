"""The Baseline Configuration is complete, documented line by line, and can be overridden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.baseline import FOLDER, Baseline, read_properties
from support.errors import SettingsError


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
    names = {"connector.class", "tasks.max", "schema.include.list", "table.include.list",
             "slot.name", "publication.name"}  # fmt: skip
    assert set(connector["config"]) - names == set(connector["reasons"])


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "broker.properties").write_text("num.partitions 3\n")
    with pytest.raises(ValueError, match=r"broker.properties:1: 'num.partitions 3'"):
        read_properties(tmp_path / "broker.properties")
    with pytest.raises(SettingsError, match="restore the folder"):
        Baseline.load({}, tmp_path)
