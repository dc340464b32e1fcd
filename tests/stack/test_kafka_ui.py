"""A jar that is not Kafka UI is reported at once, and leaves nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from support.errors import SettingsError
from support.settings import Settings
from support.stack.artefacts.platform import java
from support.stack.embedded.jvm import Jvm
from support.stack.embedded.kafka_ui import EmbeddedKafkaUi


def test_a_file_that_is_no_jar_is_explained(tmp_path: Path) -> None:
    jar = tmp_path / "kafka-ui.jar"
    jar.write_text("no jar")
    records, folder = tmp_path / "processes", tmp_path / "ui"
    jvm = Jvm(java(), (), Path())
    ui = EmbeddedKafkaUi(folder, 18_081, jar, jvm, "127.0.0.1:9092", records)
    try:
        with pytest.raises(SettingsError, match="corrupt jarfile"):
            ui.start(timedelta(seconds=20))
    finally:
        ui.close()
    assert not folder.exists()
    assert list(records.glob("*")) == []


def test_a_jar_that_is_not_there_is_refused_before_anything_starts() -> None:
    with pytest.raises(SettingsError, match="kafka_ui_jar"):
        Settings.load({"kafka_ui_jar": "/nowhere/kafka-ui.jar"}, {})
