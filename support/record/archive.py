"""Writes the history of a load to a folder, and reads it back without a broker.

The attempts are columns and the readings are journals, each a binary file; history.json names them
and holds the rest. A history that was written before commits had outcomes can be read: its commits
count as neither confirmed nor refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from support.errors import Explained
from support.record.attempts import COLUMNS, Attempts
from support.record.damage import Damage
from support.record.history import History, LogRead
from support.record.observed import Observations, write_journal
from support.record.section import Section
from support.record.sessions import Assignment, Commit, GroupRead, Session
from support.results.store import write_atomically

FILE = "history.json"


@dataclass(frozen=True)
class _Session:
    journal: str
    consumer: str
    started_ns: int
    ended_ns: int
    killed: bool
    resumes_from: Mapping[int, int]
    commits: tuple[Commit, ...]
    assignments: tuple[Assignment, ...]
    left: bool = True
    asked_ns: int = 0


@dataclass(frozen=True)
class _Group:
    group: str
    drained: bool
    sessions: tuple[_Session, ...]
    committed: Mapping[int, int]


@dataclass(frozen=True)
class _History:
    end_offsets: Mapping[int, int]
    start_offsets: Mapping[int, int]
    reached: Mapping[int, int]
    bytes: int
    groups: tuple[_Group, ...]
    disturbances: tuple[tuple[int, int], ...]
    damaged: tuple[Damage, ...] = ()
    unreadable: Mapping[int, str] = field(default_factory=dict)


def write_history(history: History, folder: Path) -> Path:
    """Writes a history to `folder`; returns its history.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, code in COLUMNS.items():
        getattr(history.attempts, name).astype(code).tofile(folder / f"{name}.{code}")
    log = history.log
    write_journal(log.seen, folder / "log.journal")
    header = _History(
        log.end_offsets,
        log.start_offsets,
        log.reached,
        log.bytes,
        tuple(_write_group(folder, g, group) for g, group in enumerate(history.groups)),
        history.disturbances,
        log.damaged,
        log.unreadable,
    )
    path = folder / FILE
    write_atomically(path, msgspec.json.format(msgspec.json.encode(header), indent=2))
    return path


def _write_group(folder: Path, number: int, group: GroupRead) -> _Group:
    """Writes the journals of a group's sessions; returns what is not in them."""
    sessions = []
    for s, session in enumerate(group.sessions):
        journal = f"group-{number}-session-{s}.journal"
        write_journal(session.seen, folder / journal)
        sessions.append(
            _Session(
                journal,
                session.consumer,
                session.started_ns,
                session.ended_ns,
                session.killed,
                session.resumes_from,
                session.commits,
                session.assignments,
                session.left,
                session.asked_ns,
            )
        )
    return _Group(group.group, group.drained, tuple(sessions), group.committed)


def read_history(folder: Path) -> History:
    """Reads the history in `folder`. Raises Explained when there is none, or a damaged one."""
    try:
        header = msgspec.json.decode((folder / FILE).read_bytes(), type=_History)
        attempts = Attempts.open(folder)
        log = LogRead(
            Observations.read(folder / "log.journal"),
            header.end_offsets,
            header.reached,
            header.bytes,
            header.start_offsets,
            header.damaged,
            header.unreadable,
        )
        groups = tuple(
            GroupRead(
                g.group, tuple(_session(folder, s) for s in g.sessions), g.drained, g.committed
            )
            for g in header.groups
        )
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise Explained(
            f"There is no readable history in {folder}.",
            seen=str(error),
            then="name a folder that holds history.json: reports/<run>/ledger/<scenario>/history",
        ) from error
    return History(attempts, log, groups, header.disturbances)


def _session(folder: Path, stored: _Session) -> Session:
    return Session(
        stored.consumer,
        Observations.read(folder / stored.journal),
        stored.started_ns,
        stored.ended_ns,
        stored.killed,
        stored.resumes_from,
        stored.commits,
        stored.assignments,
        stored.left,
        stored.asked_ns,
    )


HISTORY = Section(
    "history",
    f"history/{FILE}",
    lambda history, folder: write_history(history, folder / "history"),
    lambda folder: read_history(folder / "history"),
)
