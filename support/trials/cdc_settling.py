"""After the last change: CDC catches up, everything is read, and the checks are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from support import clock
from support.checks.cdc_changes import changes_missing, duplicates, rolled_back_visible
from support.checks.cdc_envelopes import legal_envelopes
from support.checks.cdc_recovery import caught_up, resent_bound, resent_from_commit
from support.checks.cdc_rows import check_rows
from support.errors import NotInTime
from support.ledger.changes import WrittenChanges
from support.ledger.events import EventLog, Image
from support.load.event_reader import read_events
from support.load.tables import COLUMNS
from support.trials.pipeline import Pipeline
from support.trials.trial import Trial
from support.waiting import wait_until

CATCH_UP_S = 60


@dataclass(frozen=True)
class Resumption:
    """Where CDC has to go on: the source offset committed before the restart, and when that
    began by the wall clock (ms)."""

    committed_lsn: int | None
    broken_ms: float


def await_caught_up(trial: Trial, pipeline: Pipeline, committed_lsn: int) -> float | None:
    """Seconds until the slot confirmed the last commit; None when it does not. Judged."""
    began = clock.now_ns()

    def behind() -> int:
        now = pipeline.slot()
        return committed_lsn - now.confirmed_lsn if now else committed_lsn

    told, waited_s = "the slot confirmed every change", None
    with trial.progress.phase("settling: CDC catches up"):
        try:
            wait_until(
                behind, lambda left: left <= 0, trial.patience(CATCH_UP_S),
                "the slot to confirm what was written", every=timedelta(milliseconds=200),
            )  # fmt: skip
            waited_s = (clock.now_ns() - began) / clock.NS_PER_S
        except NotInTime:
            lost = pipeline.slot() is None
            told = "there is no slot" if lost else f"{behind()} bytes of WAL are not confirmed"
    trial.judge(caught_up(waited_s, told, CATCH_UP_S))
    return waited_s


def read_all(trial: Trial, pipeline: Pipeline, *, full_identity: bool) -> EventLog:
    """Every event of the pipeline, by a fresh client."""
    with trial.progress.phase("settling: reading every event"):
        return read_events(
            trial.broker, trial.stack.baseline.consumer, pipeline.topics.values(),
            trial.patience(30), full_identity=full_identity,
        )  # fmt: skip


def image_of(pipeline: Pipeline) -> Image:
    """The rows as PostgreSQL has them, in the types that an event has."""
    image: dict[tuple[str, int], Mapping[str, object]] = {}
    for table, columns in COLUMNS.items():
        names = (*columns, "checksum")
        rows = pipeline.database.query(f"SELECT {', '.join(names)} FROM {pipeline.name}.{table}")
        image |= {(table, row[0]): dict(zip(names, row, strict=True)) for row in rows}
    return image


def judge_events(trial: Trial, log: EventLog, written: WrittenChanges, image: Image) -> None:
    """Everything that events and changes tell by themselves."""
    trial.judge(
        legal_envelopes(log),
        changes_missing(log, written),
        rolled_back_visible(log, written),
        duplicates(log, written),
        *check_rows(log, written, image),
    )


def judge_resumption(trial: Trial, log: EventLog, resumption: Resumption) -> None:
    """Whether no more was sent again than the committed source offset and its flush allow."""
    flush_ms = int(trial.stack.baseline.worker.get("offset.flush.interval.ms", "60000"))
    trial.judge(
        resent_from_commit(log, resumption.committed_lsn),
        resent_bound(log, resumption.broken_ms, flush_ms),
    )
