"""The state file of a stack that stays up between commands (`make up`, `make down`)."""

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
class StackState:
    """The content of a state file.

    `ports`: by name. `digest`: of the settings that the stack was started with. `more`: entries
    that only one target uses.
    """

    ports: Mapping[str, int]
    digest: str
    more: Mapping[str, str]


class StateFile:
    """The state file; it exists as long as the stack is left running."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, ports: Mapping[str, int], settings: Sequence[object], **more: str) -> None:
        """Writes the state; `settings` are those of started_with()."""
        state = {"ports": dict(ports), "digest": _digest(settings), "more": more}
        self._path.write_text(json.dumps(state))

    def read(self) -> StackState | None:
        """Reads the state; None if no stack was left running.

        Raises StackError if the file can't be read.
        """
        if not self._path.is_file():
            return None
        try:
            state = json.loads(self._path.read_text())
            ports = {str(name): int(port) for name, port in state["ports"].items()}
            return StackState(ports, str(state["digest"]), state["more"])
        except (KeyError, ValueError) as error:
            raise StackError(
                "The state file of the stack that was left running can't be read.",
                seen=f"{type(error).__name__}: {error}",
                cause="another version of this suite wrote it",
                then="make down, then make up",
            ) from error

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)


def check_usable(
    state: StackState, settings: Sequence[object], ended: Sequence[str], then: str
) -> None:
    """Raises StackError if parts of the stack `ended`, or if other settings are in force.

    `then`: the command that helps.
    """
    if ended or state.digest != _digest(settings):
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
    """The settings that every kind of stack is started with.

    They include the ports `names` that the user asks for, if they differ from the stack's `ports`.
    """
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


def _digest(settings: Sequence[object]) -> str:
    return hashlib.sha256(repr(settings).encode()).hexdigest()[:16]
