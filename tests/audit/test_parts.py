"""Small parts of the audit: dumps, files of digests, positions and spans of offsets."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from support.audit.details import MOST_SPANS, _spans, rows_at
from support.audit.dump import TableDump
from support.audit.folding import partition_and_offset, place_of
from support.audit.reaching import Position
from support.audit.spill import MOST_PARTS, Spill, nameless_file, parts_for
from tests.audit.histories import table_of


def test_rows_of_several_tables_in_one_file(tmp_path: Path) -> None:
    file = nameless_file(tmp_path)
    texts = (b"1\t\\N\t5\n2\ta\\tb\\n\\\\N\t6\n", "3\tÜ🦊\t7\n".encode())
    dumps = []
    for text in texts:
        begin = file.seek(0, 2)
        with gzip.GzipFile(fileobj=file, mode="wb") as packed:
            packed.write(text)
        dumps.append(TableDump(table_of(), text.count(b"\n"), file, begin))
    assert list(dumps[1]) == [["3", "Ü🦊", "7"]]
    assert list(dumps[0]) == [["1", None, "5"], ["2", "a\tb\n\\N", "6"]]
    assert rows_at(dumps[0], {1}) == {1: ["2", "a\tb\n\\N", "6"]}
    assert rows_at(dumps[0], set()) == {}
    assert list(tmp_path.iterdir()) == []


def test_records_in_parts(tmp_path: Path) -> None:
    spill = Spill(np.dtype([("key", np.int64), ("n", np.int64)]), 4, tmp_path)
    for number in range(1000):
        spill.add((number * 7919 - 3_000_000, number))
    parts = [spill.part(number) for number in range(4)]
    assert sorted(int(n) for part in parts for n in part["n"]) == list(range(1000))
    for number, part in enumerate(parts):
        assert set(part["key"] & 3) == {number}
    assert list(tmp_path.iterdir()) == []
    spill.close()


@pytest.mark.parametrize(("records", "parts"), [(0, 1), (100, 1), (10**6, 2), (10**9, MOST_PARTS)])
def test_the_number_of_parts(records: int, parts: int) -> None:
    assert parts_for(records, 40) == parts


@pytest.mark.parametrize(("tables", "parts"), [(2, 128), (3, 64), (100, 2), (300, 1)])
def test_the_tables_of_a_topic_share_the_files(tables: int, parts: int) -> None:
    assert parts_for(10**9, 40, tables) == parts
    assert parts_for(100, 40, tables) == 1


def test_places_are_ordered_within_a_partition() -> None:
    assert partition_and_offset(place_of(11, 12_345)) == (11, 12_345)
    assert place_of(2, 2**40) < place_of(3, 0)


def test_spans_of_offsets() -> None:
    assert _spans([5, 6, 100]) == [(5, 101)]
    assert _spans([5, 1_000_000]) == [(5, 6), (1_000_000, 1_000_001)]
    far = [number * 100_000 for number in range(MOST_SPANS + 1)]
    assert _spans(far) == [(0, far[-1] + 1)]


@pytest.mark.parametrize(
    ("position", "quiet"),
    [
        (Position(90, 100, 10.0), True),
        (Position(90, 100, 9.0), False),
        (Position(90, 99, 20.0), False),
        (Position(90, None, 20.0), False),
    ],
)
def test_a_quiet_database(position: Position, quiet: bool) -> None:
    assert position.is_quiet(100, timedelta(seconds=10)) is quiet
