"""A recorded run that is judged again: what differs, and what was not judged, is found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.checks.__main__ import main
from support.settings import ROOT

GREEN = ROOT / "tests" / "records" / "green"


def changed(folder: Path, change: Callable[[Any], object]) -> Path:
    """A copy of a recorded run, with a changed run.json."""
    shutil.copytree(GREEN, folder)
    run = json.loads((folder / "run.json").read_text())
    change(run)
    (folder / "run.json").write_text(json.dumps(run))
    return folder


def test_a_run_without_checks_proves_nothing(tmp_path: Path) -> None:
    assert main([str(changed(tmp_path / "run", lambda run: run.update(scenarios=[])))]) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s.update(verdict="FAIL"), "recorded as FAIL, but its checks say PASS"),
        (lambda s: s["promises"].append("speed"), "required, and not judged again: speed"),
        (lambda s: s["checks"][0].update(verdict="FAIL"), "now:      PASS"),
        (lambda s: s["checks"][1].update(limit=None), "accepted"),
    ],
    ids=["verdict", "promise", "check", "limit"],
)
def test_what_does_not_follow_from_the_record_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Callable[[Any], object], said: str
) -> None:
    folder = changed(tmp_path / "run", lambda run: change(run["scenarios"][0]))
    assert main([str(folder)]) == 1
    assert said in capsys.readouterr().out
