"""The versions that the parts must have after a step of an upgrade."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from support.experiment import upgrade
from support.experiment.upgrade import Upgrade
from support.faults.catalogue import UPGRADES
from support.stack.isolated import Version

BROKER, FINALISED, WORKER, BACK = UPGRADES.values()


def names(which: Version) -> Mapping[str, str]:
    if which is Version.BEFORE:
        return {"kafka": "3.6.1", "connect": "3.6.1", "debezium": "2.5.4.Final"}
    return {"kafka": "4.3.1", "connect": "4.3.1", "debezium": "3.6.1.Final"}


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Any:
    """An upgrade of a stack that is not there."""
    monkeypatch.setattr(upgrade, "newest_metadata", lambda _: "30")
    made: Any = Upgrade.__new__(Upgrade)
    made._experiment = None
    made._stack = SimpleNamespace(upgrade=lambda: SimpleNamespace(names=names))
    return made


def test_each_step_changes_its_part_only(running: Any) -> None:
    assert running._wanted(BROKER, refused=False) == {"kafka": "4.3.1"}
    assert running._wanted(FINALISED, refused=False) == {"metadata.version": "30"}
    assert running._wanted(WORKER, refused=False) == {"connect": "4.3.1", "debezium": "3.6.1.Final"}


def test_after_a_refused_way_back_the_next_version_must_serve(running: Any) -> None:
    assert running._wanted(BACK, refused=False) == {"kafka": "3.6.1"}
    assert running._wanted(BACK, refused=True) == {"kafka": "4.3.1"}
