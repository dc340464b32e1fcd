"""Each difference from baseline/ is a row with its meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.baseline import Baseline
from support.figures.differences import differences
from support.figures.setting_meanings import MEANINGS, NOT_COMPARED
from support.record.baseline_compared import BASELINE_COMPARED, SettingCompared
from support.record.record import Record

WEEK = "604800000"


@pytest.mark.parametrize("part", ["broker", "topic", "connector", "worker"])
def test_every_setting_that_baseline_names_is_explained_or_only_a_name(part: str) -> None:
    named = set(getattr(Baseline.load({}), part))
    assert named - NOT_COMPARED - set(MEANINGS[part]) == set()
    assert set(MEANINGS[part]) <= named
    assert all(meaning.concerns and meaning.text for meaning in MEANINGS[part].values())


def of_topic(topic: str, theirs: str | None) -> SettingCompared:
    return SettingCompared("topic", topic, "retention.ms", theirs, WEEK)


def test_objects_with_the_same_value_are_one_row(tmp_path: Path) -> None:
    record = Record(tmp_path)
    assert differences(record) == ()
    same = SettingCompared("broker", "broker 1", "auto.create.topics.enable", "False", "false")
    names = ["a", "b", "c", "d", "e"]
    topics = [of_topic(name, "60000") for name in names]
    found = [same, of_topic("f", WEEK), *topics, of_topic("g", None)]
    record.write(BASELINE_COMPARED, found)
    short, unknown = differences(record)
    assert (short.setting, short.where) == ("topic retention.ms", "a, b, c and 2 others")
    assert (short.theirs, short.baseline, short.concerns) == ("60000", WEEK, "retention")
    assert "a consumer that stops for longer loses records" in short.meaning
    assert (unknown.where, unknown.theirs) == ("g", "not known")
