"""A test that is killed leaves nothing for ever: the next one removes it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from support.stack.processes.supervised import Recipe, Supervised
from support.waiting import wait_until
from tests.secured import place


def test_what_a_killed_test_left_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed, mine = place.new_folder(), place.new_folder()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (killed / place.OWNER).write_text(json.dumps([ended.pid, 1.0]))
    sleeper = Recipe("sleeper", ("sleep", "600"), killed, killed / "out")
    process = Supervised(sleeper, killed / "processes")
    process.start()
    pid = process.pid
    assert pid
    place.new_folder()
    assert not killed.exists()
    assert mine.exists()
    wait_until(
        lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie",
        bool,
        timedelta(seconds=5),
        "the process to end",
    )
    process.close()
