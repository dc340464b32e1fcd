"""Sections of a record are written, read back, and computed from; or missing, or damaged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.errors import Explained
from support.record.capture_in_force import Capture
from support.record.faults import FAULTS, FaultsRecord, RecordedFault
from support.record.in_force import IN_FORCE, InForce
from support.record.lag import LAG, LagPoint, LagRecord
from support.record.load import LOAD, LoadNews, LoadOrder, LoadRecord
from support.record.notes import LOG_LINES, NOTES
from support.record.record import NotRecorded, Record
from support.record.resources import RESOURCES, ResourcesRecord
from support.record.schedule import Segment
from support.record.secrets import without_secrets
from support.record.section import Section, json_section
from support.record.topic_in_force import TopicInForce
from support.results.resources import ComponentUsage

FAULT = RecordedFault("a crash", 5, ((6, 9),), 12, ("gone",), "", ("task 0",), ())
ORDER = LoadOrder("h:1", "t", {"acks": "all"}, (Segment(10, 20),), 7, (1, 2), "f", None, "d", 3)
USAGE = ComponentUsage(2, 10, 12, 0.5, None, None, 3, (10, 12), (0.0, 1.0), (None, 0.5), (1, None))
TOPIC = TopicInForce("t", {"retention.ms": None}, 3, 1)


@pytest.mark.parametrize(
    ("section", "value"),
    [
        (FAULTS, FaultsRecord((FAULT,), 3)),
        (LOAD, LoadRecord(ORDER, LoadNews("done", 4, (1.5,)), 4)),
        (RESOURCES, ResourcesRecord({"broker": USAGE}, 2, "ended")),
        (LAG, LagRecord((LagPoint(3, {0: 5, 1: None}),), 5, 9, 100)),
        (IN_FORCE, InForce({"acks": "1"}, {}, {1: {"a": None}}, [TOPIC], Capture({}, None))),
        (NOTES, ("one", "two")),
        (LOG_LINES, {"broker": ("ERROR x",)}),
    ],
    ids=lambda each: each.name if isinstance(each, Section) else "",
)
def test_a_section_comes_back_from_disk_as_it_was(
    tmp_path: Path, section: Section[object], value: object
) -> None:
    Record(tmp_path / "scenario").write(section, value)
    assert Record(tmp_path / "scenario")[section] == value


def test_a_section_that_was_not_recorded_is_named(tmp_path: Path) -> None:
    record = Record(tmp_path)
    assert not record.has(FAULTS)
    assert record.get(FAULTS) is None
    with pytest.raises(NotRecorded, match="did not record its faults"):
        record[FAULTS]


def test_a_damaged_section_is_an_error_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "faults.json").write_text('{"faults": 1}')
    with pytest.raises(Explained, match=r"faults\.json can't be read"):
        Record(tmp_path)[FAULTS]


def test_what_is_computed_is_computed_once_until_something_is_written(tmp_path: Path) -> None:
    record, calls = Record(tmp_path), list[int]()

    def count(_: Record) -> int:
        calls.append(1)
        return len(calls)

    assert [record.compute(count), record.compute(count)] == [1, 1]
    record.write(NOTES, ())
    assert record.compute(count) == 2


def test_numbers_of_numpy_are_written_as_numbers(tmp_path: Path) -> None:
    section = json_section("counts", dict[str, int])
    record = Record(tmp_path)
    counted: Any = {"a": np.int64(3)}
    record.write(section, counted)
    assert record[section] == {"a": 3}


def test_secrets_are_hidden_by_the_name_of_their_setting() -> None:
    settings = {"sasl.jaas.config": "x", "database.password": "y", "acks": "all"}
    shown = {"sasl.jaas.config": "***", "database.password": "***", "acks": "all"}
    assert without_secrets(settings) == shown
