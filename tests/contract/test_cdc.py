"""CDC that loses or invents changes, or stops, is found by the right check."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest
from psycopg import pq

from support import clock
from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.clients.obstacles import replication_capacity
from support.clients.slot import drop_slot
from support.errors import Inconclusive, PromiseBroken, StackError
from support.experiment.cdc_changes import CdcChanges
from support.experiment.experiment import Experiment
from support.experiment.identity import Identity
from support.experiment.pipeline import Pipeline
from support.faults.capture import Capture
from support.faults.capture_restart import CaptureRestart, How
from support.faults.timeline import FaultTimeline
from support.progress import Progress
from support.results.schema import Check, Verdict
from support.settings import Settings
from support.stack.embedded.stack import EmbeddedStack
from support.stack.leftovers import FOUND, PREFIX, new_run_id
from tests.contract.running import running_stack
from tests.contract.seen_red import sees_red

FILTER = {
    "transforms": "drop",
    "transforms.drop.type": "org.apache.kafka.connect.transforms.Filter",
    "transforms.drop.predicate": "unwanted",
    "predicates": "unwanted",
}
SMALL_REQUESTS = {"producer.override.max.request.size": "15000"}
"""A request limit below the size of a row with a large value."""


@pytest.fixture(scope="module")
def stack() -> Iterator[EmbeddedStack]:
    settings = Settings.load({"scale": "0.05"})
    with running_stack(EmbeddedStack(settings, Progress(io.StringIO()))) as running:
        yield running


@contextmanager
def cdc(
    stack: EmbeddedStack, folder: Path, connector: Mapping[str, str], number: int = 1
) -> Iterator[CdcChanges]:
    """A trial whose connector has other settings than the baseline's."""
    baseline = stack.baseline
    stack.baseline = dataclasses.replace(baseline, connector={**baseline.connector, **connector})
    settings = Settings.load({"scale": "0.05", "patience": "0.2"})
    identity = Identity("a feature", "a scenario", ("delivery",))
    run = folder / new_run_id(clock.utc_now())
    trial = Experiment(identity, settings, stack, Progress(io.StringIO()), run, number)
    try:
        yield CdcChanges(trial)
    finally:
        stack.baseline = baseline
        trial.close()


def verdicts(trial: CdcChanges) -> dict[str, Check]:
    return {check.name: check for check in trial._experiment.result().checks}


def red(trial: CdcChanges) -> set[str]:
    return {name for name, check in verdicts(trial).items() if check.verdict is Verdict.FAIL}


def changed(trial: CdcChanges) -> set[str]:
    trial.capture.start_changes()
    trial.run_calmly(timedelta(seconds=5))
    trial.settle()
    return red(trial)


def unwanted(kind: str, **settings: str) -> dict[str, str]:
    prefix = "predicates.unwanted"
    name = f"org.apache.kafka.connect.transforms.predicates.{kind}"
    return {**FILTER, f"{prefix}.type": name, **{f"{prefix}.{k}": v for k, v in settings.items()}}


@pytest.mark.parametrize(
    ("connector", "found"),
    [
        ({}, set[str]()),
        (unwanted("RecordIsTombstone"), {"CDC tombstones"}),
        (unwanted("TopicNameMatches", pattern=".*comments"), {"CDC changes missing", "CDC image"}),
        (
            {"table.include.list": "public.videos,public.users"},
            {"CDC changes missing", "CDC image"},
        ),
        ({**SMALL_REQUESTS, "errors.tolerance": "all"}, {"CDC changes missing", "CDC image"}),
        ({"column.exclude.list": "public.comments.body"}, {"CDC image"}),
        ({"column.mask.with.5.chars": ".*.users.name"}, {"CDC image"}),
    ],
    ids=["right", "no tombstones", "no comments", "not captured", "dropped", "excluded", "masked"],
)
def test_what_a_connector_leaves_out_is_found(
    stack: EmbeddedStack, tmp_path: Path, connector: Mapping[str, str], found: set[str]
) -> None:
    with cdc(stack, tmp_path, connector) as trial:
        seen = changed(trial)
    assert seen >= found
    assert bool(seen) == bool(found)


def test_a_failed_task_under_a_running_connector_is_found_with_its_trace(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    with cdc(stack, tmp_path, SMALL_REQUESTS) as trial:
        found = changed(trial)
        state = verdicts(trial)["task state"]
    assert {"task state", "CDC changes missing", "CDC caught up"} <= found
    assert state.measured == "connector RUNNING, tasks FAILED"
    assert any("RecordTooLarge" in line or "Exception" in line for line in state.evidence)


def test_a_row_changed_behind_the_writers_back_is_found(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    with cdc(stack, tmp_path, {}) as trial:
        trial.capture.start_changes()
        pipeline = trial.capture.pipeline
        pipeline.database.execute(f"UPDATE {pipeline.name}.users SET name = 'x' WHERE id = 1")
        trial.run_calmly(timedelta(seconds=5))
        trial.settle()
        assert red(trial) == {"CDC rolled back visible"}
        assert "u of users 1" in verdicts(trial)["CDC rolled back visible"].evidence[0]


def while_changes_go_on(trial: CdcChanges, statement: str) -> None:
    """Runs a statement that is not the writer's in its schema, between two phases of changes."""
    trial.capture.start_changes()
    trial.run_calmly(timedelta(seconds=5))
    pipeline = trial.capture.pipeline
    pipeline.database.execute(statement.format(schema=pipeline.name))
    trial.run_calmly(timedelta(seconds=5))
    trial.settle()


@sees_red("statements accepted")
def test_an_update_that_postgresql_refuses_is_reported_in_its_words(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    with cdc(stack, tmp_path, {}) as trial:
        while_changes_go_on(trial, "ALTER TABLE {schema}.users REPLICA IDENTITY NOTHING")
        assert red(trial) == {"statements accepted"}
        reported = sorted(verdicts(trial)["statements accepted"].evidence)
    assert [line.partition(" kafka_")[0] for line in reported] == [
        "table users: PostgreSQL refuses DELETE FROM",
        "table users: PostgreSQL refuses UPDATE",
    ]
    assert all("does not have a replica identity" in line for line in reported)


@pytest.mark.parametrize(
    ("statement", "check", "reported"),
    [
        (
            "ALTER TABLE {schema}.users ADD nick text DEFAULT 'x'",
            "CDC schema changes",
            "users: column nick (text) was added; events have it from LSN",
        ),
        (
            "ALTER TABLE {schema}.users DROP checksum",
            "CDC schema changes",
            "users: column checksum was dropped",
        ),
        ("TRUNCATE {schema}.users, {schema}.comments", "CDC image", "1 TRUNCATE of users"),
        ("SELECT pg_logical_emit_message(true, 'app', 'hello')", "CDC image", "rows equal"),
    ],
    ids=["a column is added", "a column is dropped", "truncate", "a logical message"],
)
def test_what_is_done_to_the_tables_meanwhile_is_followed(
    stack: EmbeddedStack, tmp_path: Path, statement: str, check: str, reported: str
) -> None:
    with cdc(stack, tmp_path, {}) as trial:
        while_changes_go_on(trial, statement)
        assert red(trial) == set()
        assert any(reported in line for line in verdicts(trial)[check].evidence)


AS_APPLICATIONS_HAVE_THEM = """
CREATE TYPE public.mood AS ENUM ('calm', 'loud');
CREATE DOMAIN public.address AS text CHECK (VALUE LIKE '%@%');
ALTER TABLE public.users ALTER email TYPE public.address, ADD UNIQUE (email),
    ADD created_at timestamptz NOT NULL DEFAULT now(), ADD state public.mood DEFAULT 'calm',
    ADD tags text[] DEFAULT '{a,"b c"}', ADD score numeric(8, 2) DEFAULT 1.5,
    ADD settings jsonb DEFAULT '{"a": [1]}', ADD born date DEFAULT '1999-12-31';
ALTER TABLE public.videos ADD comment_count integer NOT NULL DEFAULT 0,
    ADD CHECK (duration_s > 0);
ALTER TABLE public.comments ADD FOREIGN KEY (video_id) REFERENCES public.videos ON DELETE CASCADE,
    ADD FOREIGN KEY (user_id) REFERENCES public.users;
CREATE FUNCTION count_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE videos SET comment_count = comment_count + 1 WHERE id = NEW.video_id;
    RETURN NEW;
END $$;
CREATE TRIGGER counted AFTER INSERT ON public.comments
    FOR EACH ROW EXECUTE FUNCTION count_comments();
"""


def test_tables_as_applications_have_them(stack: EmbeddedStack, tmp_path: Path) -> None:
    baseline = stack.baseline
    sql = baseline.schema_sql + AS_APPLICATIONS_HAVE_THEM
    stack.baseline = dataclasses.replace(baseline, schema_sql=sql)
    try:
        with cdc(stack, tmp_path, {}) as trial:
            assert changed(trial) == set()
            (rows,) = verdicts(trial)["CDC image"].evidence
            assert rows.endswith("rows equal")
    finally:
        stack.baseline = baseline


class SlotDropped(CaptureRestart):
    """A restart of the worker during which the slot is dropped."""

    @contextmanager
    def injected(self, capture: Capture) -> Iterator[FaultTimeline]:
        assert isinstance(capture, Pipeline)
        with super().injected(capture) as timeline:
            drop_slot(capture.database, capture.name, self.patience)
            yield timeline


def test_changes_that_went_with_a_dropped_slot_are_found(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    with cdc(stack, tmp_path, {}) as trial:
        trial.capture.start_changes()
        trial.run_through(SlotDropped(How.WORKER, timedelta(seconds=60)))
        trial.settle()
        assert {"CDC changes missing", "CDC image"} <= red(trial)


def as_superuser(stack: EmbeddedStack) -> str:
    """The connection string of a superuser, instead of the suite's role."""
    return stack.endpoints.database.of(user="postgres").conninfo


class SlotLost(CaptureRestart):
    """A restart of the worker during which the server removes write-ahead log of the slot."""

    superuser: ClassVar[Database]

    @contextmanager
    def injected(self, capture: Capture) -> Iterator[FaultTimeline]:
        with super().injected(capture) as timeline:
            self.superuser.execute("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'")
            self.superuser.execute("SELECT pg_reload_conf()")
            for _ in range(6):
                self.superuser.execute(
                    "SELECT pg_logical_emit_message(false, 'x', repeat('x', 4096))"
                )
                self.superuser.execute("SELECT pg_switch_wal()")
            self.superuser.execute("CHECKPOINT")
            yield timeline


def test_a_slot_that_was_lost_is_the_cause_and_says_what_is_gone(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    SlotLost.superuser = Database(as_superuser(stack))
    try:
        with cdc(stack, tmp_path, {}) as trial:
            trial.capture.start_changes()
            with pytest.raises(PromiseBroken, match=r"slot \w+ is lost \(wal_status=lost\)"):
                trial.run_through(SlotLost(How.WORKER, timedelta(seconds=60)))
    finally:
        SlotLost.superuser.execute("ALTER SYSTEM RESET max_slot_wal_keep_size")
        SlotLost.superuser.execute("SELECT pg_reload_conf()")
    assert left(stack) == set()


def test_an_open_transaction_is_reported_at_once_and_nothing_is_left(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    with psycopg.connect(as_superuser(stack), application_name="batch-job") as batch:
        batch.execute("SELECT pg_current_xact_id()")
        began = clock.now_ns()
        with (
            cdc(stack, tmp_path, {}) as trial,
            pytest.raises(
                Inconclusive,
                match="An open transaction prevents the creation of",
            ) as reported,
        ):
            trial.capture.start_changes()
        session = f"session {batch.info.backend_pid} of postgres (batch-job, database app, idle in"
        assert session in str(reported.value)
        assert "open since 20" in str(reported.value)
        assert clock.now_ns() - began < 10 * clock.NS_PER_S
        batch.rollback()
    assert left(stack) == set()


def test_a_transaction_that_is_opened_too_late_to_be_seen_first_is_reported_too(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    with (
        psycopg.connect(as_superuser(stack)) as batch,
        cdc(stack, tmp_path, {}) as trial,
    ):
        trial.capture.create_tables(None)
        batch.execute("SELECT pg_current_xact_id()")
        with pytest.raises(Inconclusive, match=f"session {batch.info.backend_pid} of postgres"):
            trial.capture.register()
            trial.capture.await_stored(1, "the seed rows' snapshot")
    assert left(stack) == set()


def test_a_capture_without_a_free_wal_sender_fails_at_once(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    database = Database(as_superuser(stack))
    room = replication_capacity(database)
    free = room.senders - len(room.held_senders)
    conninfo = f"{as_superuser(stack)} replication=true application_name=archiver"
    with ExitStack() as readers:
        for _ in range(free):
            reader = pq.PGconn.connect(conninfo.encode())
            readers.callback(reader.finish)
            assert reader.status == pq.ConnStatus.OK, reader.error_message
        with (
            cdc(stack, tmp_path, {}) as trial,
            pytest.raises(StackError, match="No WAL sender of PostgreSQL is free"),
        ):
            trial.capture.start_changes()


def left(stack: EmbeddedStack) -> set[str]:
    """Schemas, slots, publications and connectors of trials."""
    database = Database(stack.endpoints.database.conninfo)
    connectors = ConnectClient(stack.endpoints.connect).connectors()
    rows = database.query(FOUND, {"prefix": PREFIX})
    return {name for (name,) in rows} | {name for name in connectors if name.startswith(PREFIX)}


def test_nothing_is_left_of_a_trial_nor_of_the_one_that_crashed_before_it(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    with cdc(stack, tmp_path, {}, number=1) as crashed:
        crashed.capture.start()
        was_to_be_done = crashed._experiment.cleanup.pop_all()
    assert left(stack) == {crashed.capture.pipeline.name}
    with cdc(stack, tmp_path, {}, number=2) as trial:
        trial.capture.start()
        assert left(stack) == {trial.capture.pipeline.name}
    assert left(stack) == set()
    was_to_be_done.close()
