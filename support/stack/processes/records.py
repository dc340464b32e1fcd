"""Records of processes, by which a later run finds what an earlier one left.

A record holds a pid and a start time, so that after a `kill -9` of the suite the next run ends
what was left, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psutil

LAST_GRACE = timedelta(seconds=4)
"""Grace period of a process whose data is not needed any more, before it is killed."""

START_TIME_TOLERANCE_S = 0.5


def write_record(record: Path, process: psutil.Process, stop_signal: int) -> None:
    """Records a process, and the signal that ends it gracefully."""
    entry = {
        "pid": process.pid,
        "create_time": process.create_time(),
        "stop_signal": stop_signal,
    }
    record.write_text(json.dumps(entry))


def recorded(record: Path) -> psutil.Process | None:
    """The recorded process; None if it has ended, or if another process has its pid now."""
    try:
        entry = json.loads(record.read_text())
        process = psutil.Process(entry["pid"])
        same = abs(process.create_time() - entry["create_time"]) < START_TIME_TOLERANCE_S
    except (OSError, ValueError, KeyError, psutil.Error):
        return None
    return process if same and lives(process) else None


def end_leftovers(records: Path, keep: Collection[str] = ()) -> list[str]:
    """Ends every recorded process that is alive, except those to `keep`. Returns their names.

    Their data is not needed any more, so the grace period is short.
    """
    paths = [record for record in sorted(records.glob("*.json")) if record.stem not in keep]
    found = {record: recorded(record) for record in paths}
    living = {record.stem: process for record, process in found.items() if process is not None}
    for name, process in living.items():
        with suppress(psutil.NoSuchProcess):
            process.send_signal(json.loads((records / f"{name}.json").read_text())["stop_signal"])
    for process in psutil.wait_procs(list(living.values()), LAST_GRACE.total_seconds())[1]:
        # It may end by itself at this moment.
        with suppress(psutil.NoSuchProcess):
            process.kill()
            process.wait(10)
    for record in found:
        record.unlink(missing_ok=True)
    return [f"{name} (pid {process.pid})" for name, process in living.items()]


def lives(process: psutil.Process) -> bool:
    """Whether a process runs; False for a zombie."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
