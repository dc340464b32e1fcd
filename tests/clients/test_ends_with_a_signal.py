"""A signal soon ends every wait of the main thread for a client or a process."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from support.settings import ROOT
from tests.clients.interrupted_waits import WAITS

SOON_S = 2.5
"""The slowest is a consumer: a second for its poll, and one for its own end."""

Ends = dict[str, tuple[str, float, list[str]] | None]


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Ends:
    """Wait -> its error, the seconds from the signal to it, and files of processes left behind."""
    folder = tmp_path_factory.mktemp("waits")
    program = (sys.executable, "-m", "tests.clients.interrupted_waits", folder)
    done = subprocess.run(program, cwd=ROOT, stdout=subprocess.PIPE, timeout=120, check=True)
    found: Ends = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("what", WAITS)
def test_it_ends_soon_after_the_signal(ends: Ends, what: str) -> None:
    ended = ends[what]
    assert ended is not None
    error, seconds, left = ended
    assert error == "KeyboardInterrupt: SIGTERM"
    assert seconds < SOON_S
    assert left == []
