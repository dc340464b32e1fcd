"""The file with the settings of a worker: read, or refused in one message without its lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.errors import SettingsError
from support.stack.attached.worker_file import worker_settings

RIGHT = """
bootstrap.servers = kafka:9092
key.converter=org.apache.kafka.connect.json.JsonConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
producer.acks=all
"""


def test_its_settings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "worker.properties"
    path.write_text(RIGHT)
    assert worker_settings(path)["producer.acks"] == "all"
    assert worker_settings(None) == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"producer.acks=all", "no bootstrap.servers, no key.converter, no value.converter"),
        (b"a=b\nS3cret", "Line 2 of"),
        (b"\xff\xfe", "it is not UTF-8 text"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "worker.properties"
    path.write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        worker_settings(path)
    assert words in str(refused.value)
    assert "S3cret" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nowhere: No such file"):
        worker_settings(tmp_path / "nowhere")
