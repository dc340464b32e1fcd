"""The limit that stops a large row is that of the connector under test."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from support.experiment import large_rows
from support.experiment.large_rows import LargeRows

OVERRIDE = "producer.override.max.request.size"


class Pipeline:
    """Stands in for experiment.pipeline.Pipeline."""

    def __init__(self, experiment: Any) -> None:
        self.registered: Mapping[str, str] = {}

    def register(self, extra: Mapping[str, str]) -> None:
        self.registered = extra

    def create_tables(self) -> None: ...
    def await_events(self, *_: object) -> None: ...
    def reader_pid(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("shared", "connector", "wanted"),
    [
        (False, {}, {}),
        (True, {}, {OVERRIDE: "1048576"}),
        (True, {OVERRIDE: "2000000"}, {OVERRIDE: "2000000"}),
    ],
)
def test_on_a_stack_of_others_the_limit_is_set(
    monkeypatch: pytest.MonkeyPatch,
    shared: bool,
    connector: Mapping[str, str],
    wanted: Mapping[str, str],
) -> None:
    """A worker of others may have another one by default."""
    monkeypatch.setattr(large_rows, "Pipeline", Pipeline)
    monkeypatch.setattr(large_rows, "wait_until", lambda *_: None)
    baseline = SimpleNamespace(worker={}, connector=connector)
    stack = SimpleNamespace(shared=shared, baseline=baseline)
    asked: Any = SimpleNamespace(stack=stack, patience=lambda _: None)
    rows = LargeRows(asked)
    rows.start()
    made: Any = rows._pipeline
    assert made.registered == wanted
