"""A history on disk: written when a trial has settled, read again without any broker.

The columns of the attempts, the log's and the sessions' journals are on disk already; beside
them `history.json` says which files belong together, and holds what is not a column. One that was
written before commits had outcomes can be read: none of its commits is known to be confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from support.errors import Explained
from support.record.attempts import COLUMNS, Attempts
from support.record.changes import WrittenChanges
from support.record.damage import Damage
from support.record.history import History, LogRead
from support.record.observed import Observations, write_journal
from support.record.sessions import Assignment, Commit, GroupRead, Session

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


def write_changes(written: WrittenChanges, folder: Path) -> Path:
    """What a row writer did, as JSON: transactions with their changes and fates."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "changes.json"
    path.write_bytes(msgspec.json.encode(written))
    return path


def write_history(history: History, folder: Path) -> Path:
    """Everything that checks need, under `folder`; the file that read_history() starts from."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, code in COLUMNS.items():
        getattr(history.attempts, name).astype(code).tofile(folder / f"{name}.{code}")
    log = history.log
    write_journal(log.seen, folder / "log.journal")
    groups = []
    for g, group in enumerate(history.groups):
        sessions = []
        for s, one in enumerate(group.sessions):
            name = f"group-{g}-session-{s}.journal"
            write_journal(one.seen, folder / name)
            sessions.append(
                _Session(
                    name,
                    one.consumer,
                    one.started_ns,
                    one.ended_ns,
                    one.killed,
                    one.resumes_from,
                    one.commits,
                    one.assignments,
                    one.left,
                    one.asked_ns,
                )
            )
        groups.append(_Group(group.group, group.drained, tuple(sessions), group.committed))
    told = _History(
        log.end_offsets,
        log.start_offsets,
        log.reached,
        log.bytes,
        tuple(groups),
        history.disturbances,
        log.damaged,
        log.unreadable,
    )
    path = folder / FILE
    path.write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=2))
    return path


def read_history(folder: Path) -> History:
    """The history in `folder`. Raises Explained when there is none, or a damaged one."""
    try:
        told = msgspec.json.decode((folder / FILE).read_bytes(), type=_History)
        attempts = Attempts.open(folder)
        log = LogRead(
            Observations.read(folder / "log.journal"),
            told.end_offsets,
            told.reached,
            told.bytes,
            told.start_offsets,
            told.damaged,
            told.unreadable,
        )
        groups = tuple(
            GroupRead(
                g.group, tuple(_session(folder, s) for s in g.sessions), g.drained, g.committed
            )
            for g in told.groups
        )
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise Explained(
            f"There is no readable history in {folder}.",
            seen=str(error),
            then="name a folder that holds history.json: reports/<run>/ledger/<scenario>/history",
        ) from error
    return History(attempts, log, groups, told.disturbances)


def _session(folder: Path, told: _Session) -> Session:
    return Session(
        told.consumer,
        Observations.read(folder / told.journal),
        told.started_ns,
        told.ended_ns,
        told.killed,
        told.resumes_from,
        told.commits,
        told.assignments,
        told.left,
        told.asked_ns,
    )
