"""Scenarios that need what the target lacks are skipped before they create anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.settings import ROOT

RUN = """
import io, sys
from pathlib import Path
from types import SimpleNamespace
from support import run
from support.progress import Progress
from support.settings import Settings
from support.stack.choose import choose_stack

NOWHERE = {"target": "attach", "bootstrap": "127.0.0.1:1", "connect": "http://127.0.0.1:2",
           "database": "postgresql://nobody@127.0.0.1:3/none"}
settings = Settings.load(NOWHERE)

def begin(_userdata, _call):
    return SimpleNamespace(
        stack=choose_stack(settings, Progress(io.StringIO())),
        progress=Progress(io.StringIO()),
        settings=settings,
        store=SimpleNamespace(folder=Path(sys.argv[1])),
        skip=lambda identity, reason: print("skipped:", reason.splitlines()[0]),
        new_trial=lambda identity: print("begun:", identity.name),
    )

run.begin = begin
run.end = lambda *_args, **_kwargs: ""
from behave.__main__ import main
main(["--no-color", "--format", "null", "features/delivery/broker_restart.feature"])
"""


def test_nothing_is_begun(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RUN, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    lines = [each for each in done.stdout.splitlines() if each.startswith(("skipped", "begun"))]
    lacks = "'The broker can be stopped, crashed and paused'"
    reason = f"skipped: The target attach lacks what this scenario needs: {lacks}."
    assert lines == [reason] * 4, done.stdout + done.stderr
