"""The note of a stack that is left running between commands (make up, make down)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.baseline import Baseline
from support.errors import StackError
from support.settings import Settings


@dataclass(frozen=True)
class Kept:
    """Ports by name, and what else was noted; `facts` is a digest of what it was started with."""

    ports: Mapping[str, int]
    facts: str
    more: Mapping[str, str]


class KeptNote:
    """A file, there as long as the stack is left running."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, ports: Mapping[str, int], facts: Sequence[object], **more: str) -> None:
        noted = {"ports": dict(ports), "facts": _digest(facts), "more": more}
        self._path.write_text(json.dumps(noted))

    def read(self) -> Kept | None:
        """None when no stack was left running. Raises StackError when it can't be read."""
        if not self._path.is_file():
            return None
        try:
            noted = json.loads(self._path.read_text())
            ports = {str(name): int(port) for name, port in noted["ports"].items()}
            return Kept(ports, str(noted["facts"]), noted["more"])
        except (KeyError, ValueError) as error:
            raise StackError(
                "The note of the stack that was left running can't be read.",
                seen=f"{type(error).__name__}: {error}",
                cause="another version of this suite wrote it",
                then="make down, then make up",
            ) from error

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)


def check_usable(kept: Kept, facts: Sequence[object], ended: Sequence[str], then: str) -> None:
    """Raises StackError when parts of it ended, or it was started with other settings."""
    if ended or kept.facts != _digest(facts):
        raise StackError(
            "A stack started by `make up` can't be used.",
            seen=f"not running (any more): {', '.join(ended)}"
            if ended
            else "it was started with other settings than those of this run",
            then=then,
        )


def started_with(
    settings: Settings, baseline: Baseline, names: Iterable[str], ports: Mapping[str, int]
) -> tuple[object, ...]:
    """What every kind of stack is started with; of its ports those that are asked for, and others
    than it has."""
    elsewhere = [
        (name, port)
        for name in names
        if (port := settings.port(name)) not in (None, ports.get(name))
    ]
    return (
        settings.kafka_heap,
        settings.connect_heap,
        baseline.broker,
        baseline.topic,
        baseline.connector,
        baseline.worker,
        baseline.schema_sql,
        elsewhere,
    )


def _digest(facts: Sequence[object]) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
