"""Between which looks a column became what it is."""

from __future__ import annotations

from collections.abc import Mapping

from support.record.alterations import Alterations
from support.record.events import Altered, Column, Columns


def users(**kinds: str) -> Columns:
    return {"users": {name: Column(kind) for name, kind in kinds.items()}}


def found(*looks: Columns) -> Mapping[str, Mapping[str, Altered]]:
    alterations = Alterations()
    for number, columns in enumerate(looks, 1):
        alterations.note(10 * number, columns)
    return alterations.found


def test_what_is_always_there_was_not_altered() -> None:
    assert found(users(id="int8"), users(id="int8")) == {}
    assert found(users(id="int8", old="text"), users(id="int8")) == {}


def test_a_column_is_added_between_two_looks() -> None:
    columns = users(id="int8", nick="text")
    assert found(users(id="int8"), columns, columns) == {"users": {"nick": Altered(10, 20)}}


def test_the_last_alteration_counts() -> None:
    text, number = users(id="text"), users(id="int8")
    assert found(text, number) == {"users": {"id": Altered(10, 20, retyped=True)}}
    assert found(text, number, text) == {"users": {"id": Altered(20, 30, retyped=True)}}
    without = users()
    assert found(text, without, text) == {"users": {"id": Altered(20, 30)}}
