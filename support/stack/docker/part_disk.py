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
"""Looking through a broker's folders is a load of its own."""

PLAIN = {"LC_ALL": "C"}
"""Whatever language the image is set to: what is run in it is read by us."""

LOOK = (
    'for top do shift; for each in "$top"/*; do case $each in *-delete) ;; '
    '*) set -- "$@" "$each" ;; esac; done; done; du -skc "$@"; times'
)
"""Of what is in the folders all but what Kafka is about to remove; then two lines with the user
and system time of the shell and of its children. Any POSIX shell and any du will do."""

_TIME = re.compile(r"(\d+)m(\d+)[.,](\d+)s")


@dataclass
class PartDisk:
    """Reads from the volumes' places on this host where they may be read; else the container looks
    itself, not more often than every few seconds, and `spent_s` is the processor time that this
    took of it: what the container uses by itself is less by that."""

    spent_s: float = 0.0
    _looked_ns: int = -EVERY_NS
    _size: int | None = None

    def read(self, found: Any, folders: Sequence[str]) -> int | None:
        """None when neither can tell."""
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
        _, (told, errors) = found.exec_run(command, demux=True, environment=PLAIN)
        lines = (told or b"").decode(errors="replace").splitlines()
        self.spent_s += sum(
            int(minutes) * 60 + float(f"{seconds}.{rest}")
            for line in lines[-2:]
            for minutes, seconds, rest in _TIME.findall(line)
        )
        sums = [int(line.split()[0]) for line in lines if line.split()[1:] == ["total"]]
        # A segment may vanish while it is looked at.
        trouble = [line for line in (errors or b"").splitlines() if b"No such file" not in line]
        return sums[-1] * 1024 if sums and sums[-1] and not trouble else None
