"""How many bytes the folders of a container occupy, without a load on what is measured."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support import clock
from support.clients.usage import disk_usage

EVERY_NS = 5 * clock.NS_PER_S
"""Reading a broker's folders is itself a load."""

PLAIN = {"LC_ALL": "C"}
"""The suite reads the output of commands, whatever the language of the image is."""

LOOK = (
    'for top do shift; for each in "$top"/*; do case $each in *-delete) ;; '
    '*) set -- "$@" "$each" ;; esac; done; done; du -skc "$@"; times'
)
"""Adds up the folders' content, except what Kafka is about to remove. Then prints two lines: user
and system time of the shell and of its children. Works with any POSIX shell and any du."""

_TIME = re.compile(r"(\d+)m(\d+)[.,](\d+)s")


@dataclass
class PartDisk:
    """The size of a container's data folders.

    It is read from the volumes on this host if they are readable. Otherwise a command in the
    container reads it, every few seconds at most; `spent_s` is the CPU time that these commands
    took, which must be subtracted from the container's.
    """

    spent_s: float = 0.0
    _looked_ns: int = -EVERY_NS
    _size: int | None = None

    def read(self, found: Any, folders: Sequence[str]) -> int | None:
        """The size in bytes; None if neither way works."""
        mounted = {mount["Destination"]: Path(mount["Source"]) for mount in found.attrs["Mounts"]}
        places = [mounted.get(each) for each in folders]
        if all(place and os.access(place, os.R_OK | os.X_OK) for place in places):
            return sum(disk_usage(place) for place in places if place)
        if clock.now_ns() - self._looked_ns > EVERY_NS:
            self._size = self._look_inside(found, folders)
            self._looked_ns = clock.now_ns()
        return self._size

    def _look_inside(self, found: Any, folders: Sequence[str]) -> int | None:
        command = ["sh", "-c", LOOK, "sh", *folders]
        _, (output, errors) = found.exec_run(command, demux=True, environment=PLAIN)
        lines = (output or b"").decode(errors="replace").splitlines()
        self.spent_s += sum(
            int(minutes) * 60 + float(f"{seconds}.{rest}")
            for line in lines[-2:]
            for minutes, seconds, rest in _TIME.findall(line)
        )
        sums = [int(line.split()[0]) for line in lines if line.split()[1:] == ["total"]]
        # A segment may vanish meanwhile.
        trouble = [line for line in (errors or b"").splitlines() if b"No such file" not in line]
        return sums[-1] * 1024 if sums and sums[-1] and not trouble else None
