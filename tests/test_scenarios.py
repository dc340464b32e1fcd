"""Upgrades are no part of a run that names no version to upgrade to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from support.scenarios import NO_UPGRADE, left_out
from support.settings import Settings


@pytest.mark.parametrize(("to", "reason"), [("", NO_UPGRADE), ("4.3.1", "")])
def test_an_upgrade_runs_only_with_a_version(to: str, reason: str) -> None:
    skipped: list[str] = []
    scenario: Any = SimpleNamespace(effective_tags=["upgrade"], all_steps=[], skip=skipped.append)
    # Without a method `skip`: the run does not record it.
    session: Any = SimpleNamespace(settings=Settings.load({"kafka_to": to}, {}), stack=None)
    assert left_out(scenario, session, lambda _: None) == reason
    assert skipped == [each for each in [reason] if each]
