"""A pipeline that does not work is named with the object and the remedy."""

from __future__ import annotations

import dataclasses

import pytest

from support.checks.cdc import cdc_running
from support.checks.events_of_changes import events_of_changes
from support.checks.retained_wal import abandoned_slots, retained_wal
from support.checks.team_connectors import connector_slots, connectors_running
from support.record.capture import TaskRecord
from support.record.cdc_topics import CdcTopicsRecord
from support.record.team_pipeline import ConnectorSeen, PipelineRecord, SlotSeen, TableSeen
from support.results.schema import Check, Verdict

PASS, FAIL, INCONCLUSIVE, SKIPPED = (
    Verdict.PASS,
    Verdict.FAIL,
    Verdict.INCONCLUSIVE,
    Verdict.SKIPPED,
)
MB = 10**6
RUNNING = TaskRecord("RUNNING", ("RUNNING",))
ORDERS = ConnectorSeen("orders", RUNNING, "orders_slot", "orders_pub", heartbeat_ms=5000)
SLOT = SlotSeen("orders_slot", True, 990 * MB, 20 * MB, "reserved", None, "app")
USERS = TableSeen("public.users", "app.public.users", "orders", 3, 3, 100, 0.5, 50)
RIGHT = PipelineRecord(
    (ORDERS,),
    (SLOT,),
    (USERS,),
    confirmed_before={"orders_slot": 900 * MB},
    written_before=980 * MB,
    written_lsn=1000 * MB,
    looked_s=12.0,
)
STOPPED = dataclasses.replace(ORDERS, state=TaskRecord("STOPPED", ()))
FAILED = dataclasses.replace(
    ORDERS, state=TaskRecord("RUNNING", ("FAILED",), "Boom: no more\n  at x")
)
IDLE = dataclasses.replace(SLOT, active=False, confirmed_lsn=900 * MB, retained_bytes=120 * MB)


def with_(**changes: object) -> PipelineRecord:
    return dataclasses.replace(RIGHT, **changes)  # type: ignore[arg-type]


def every(seen: PipelineRecord) -> dict[str, Check]:
    checks = (
        connectors_running(seen),
        connector_slots(seen),
        retained_wal(seen),
        abandoned_slots(seen),
        events_of_changes(seen),
    )
    return {check.name: check for check in checks}


def test_a_pipeline_that_works_passes_and_says_so() -> None:
    found = every(RIGHT)
    assert {check.verdict for check in found.values()} == {PASS}
    assert "orders: RUNNING" in found["connectors running"].evidence[0]
    assert found["connector slots"].evidence == ("slot orders_slot: active, 10.0 MB behind",)
    assert "max_slot_wal_keep_size=-1" in found["retained WAL"].evidence[0]


def test_a_stopped_connector_is_named_with_what_its_slot_keeps() -> None:
    seen = with_(connectors=(STOPPED,), slots=(IDLE,))
    found = every(seen)
    (words,) = found["connectors running"].evidence
    assert found["connectors running"].verdict is found["connector slots"].verdict is FAIL
    assert "connector orders is STOPPED, tasks: none" in words
    assert "its slot orders_slot is inactive, 120.0 MB of WAL kept" in words
    assert "next: curl -X PUT CONNECT/connectors/orders/resume" in words


def test_a_failed_task_under_a_running_connector_is_named_with_its_reason() -> None:
    check = connectors_running(with_(connectors=(FAILED,)))
    assert check.verdict is FAIL
    assert "is RUNNING, tasks: FAILED; Boom: no more" in check.evidence[0]
    assert "restart?includeTasks=true" in check.evidence[0]


def test_without_a_connector_the_pipeline_fails_and_nothing_else_is_claimed() -> None:
    found = every(PipelineRecord((), (IDLE,), (), absent="No connector.\n  next: x"))
    assert found["connectors running"].evidence == ("No connector. next: x",)
    verdicts = {name: check.verdict for name, check in found.items()}
    assert verdicts == {
        "connectors running": FAIL,
        "connector slots": INCONCLUSIVE,
        "retained WAL": INCONCLUSIVE,
        "abandoned slots": FAIL,
        "events of changes": SKIPPED,
    }


def test_a_connect_that_does_not_answer_proves_nothing() -> None:
    unknown = dataclasses.replace(ORDERS, state=TaskRecord("unknown", (), trouble="no answer"))
    check = connectors_running(with_(connectors=(unknown,)))
    assert (check.verdict, check.evidence) == (INCONCLUSIVE, ("orders: no answer",))


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        ((), "slot orders_slot of connector orders does not exist"),
        ((IDLE,), "is inactive: nothing reads it, 120.0 MB of WAL kept"),
        ((dataclasses.replace(IDLE, wal_status="lost"),), "changes after 0/35A4E900 are gone"),
        (
            (dataclasses.replace(SLOT, confirmed_lsn=900 * MB),),
            "confirmed nothing for 12 s and is 100.0 MB behind",
        ),
    ],
)
def test_a_slot_that_is_not_read_is_named(slots: tuple[SlotSeen, ...], words: str) -> None:
    check = connector_slots(with_(slots=slots))
    assert check.verdict is FAIL
    assert words in check.evidence[0]
    assert "next: " in check.evidence[0]


def test_a_quiet_slot_without_a_heartbeat_is_a_warning() -> None:
    still = dataclasses.replace(SLOT, confirmed_lsn=900 * MB)
    silent = dataclasses.replace(ORDERS, heartbeat_ms=0)
    quiet = dataclasses.replace(USERS, changed=0, arrived=0)
    check = connector_slots(with_(connectors=(silent,), slots=(still,), tables=(quiet,)))
    assert check.verdict is PASS
    assert check.evidence[0].startswith("WARNING: slot orders_slot confirmed nothing for 12 s")
    changing = connector_slots(with_(connectors=(silent,), slots=(still,)))
    assert changing.verdict is FAIL


def test_a_slot_with_nothing_to_confirm_is_fine() -> None:
    done = dataclasses.replace(SLOT, confirmed_lsn=979_990_000)
    seen = with_(slots=(done,), confirmed_before={"orders_slot": 979_990_000})
    assert connector_slots(seen).verdict is PASS


def test_a_slot_whose_name_is_kept_elsewhere_is_not_known() -> None:
    hidden = dataclasses.replace(ORDERS, slot="${file:/x:slot}")
    assert connector_slots(with_(connectors=(hidden,))).verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("slot", "keep", "verdict"),
    [
        ({"retained_bytes": 999 * MB}, None, PASS),
        ({"retained_bytes": 1000 * MB}, None, FAIL),
        ({"retained_bytes": 499 * MB}, 1000 * MB, PASS),
        ({"retained_bytes": 500 * MB}, 1000 * MB, FAIL),
        ({"wal_status": "extended"}, 10_000 * MB, PASS),
        ({"wal_status": "unreserved"}, 10_000 * MB, FAIL),
        ({"wal_status": "lost", "retained_bytes": 0}, 10_000 * MB, FAIL),
    ],
)
def test_what_is_kept_for_a_connector_has_a_limit(
    slot: dict[str, object], keep: int | None, verdict: Verdict
) -> None:
    changed = dataclasses.replace(SLOT, **slot)  # type: ignore[arg-type]
    check = retained_wal(with_(slots=(changed,), keep_bytes=keep))
    assert check.verdict is verdict
    assert any("slot orders_slot" in line for line in check.evidence)
    assert any("WARNING: max_slot_wal_keep_size" in e for e in check.evidence) == (
        keep is None and verdict is PASS
    )


def test_an_abandoned_slot_fills_the_disk_of_a_server_without_a_limit() -> None:
    other = SlotSeen("old_slot", False, 0, 300 * MB, "extended", None, "shop")
    standby = SlotSeen("standby", True, 0, 300 * MB)
    small = SlotSeen("new_slot", False, 0, 2**24, "reserved", None, "app")
    slots = (SLOT, other, standby, small)
    check = abandoned_slots(with_(slots=slots))
    assert (check.verdict, check.measured) == (FAIL, 1)
    assert "slot old_slot of database shop is inactive, 300.0 MB of WAL kept" in check.evidence[0]
    assert "pg_drop_replication_slot('old_slot')" in check.evidence[0]
    left = dataclasses.replace(other, name="kafka_validation_run_20260101_000000_1_1")
    assert "make clean-remote" in abandoned_slots(with_(slots=(SLOT, left))).evidence[0]
    limited = abandoned_slots(with_(slots=slots, keep_bytes=1000 * MB))
    assert limited.verdict is PASS
    assert limited.evidence[0].startswith("WARNING: slot old_slot of database shop is inactive")
    lost = dataclasses.replace(other, wal_status="lost", retained_bytes=0)
    assert abandoned_slots(with_(slots=(SLOT, lost))).verdict is PASS


def silent(**changes: object) -> TableSeen:
    given = {"arrived": 0, "event_age_s": 7200.0, **changes}
    return dataclasses.replace(USERS, **given)  # type: ignore[arg-type]


def test_changes_without_events_are_named_with_their_cause() -> None:
    seen = with_(connectors=(STOPPED,), slots=(IDLE,), tables=(silent(),))
    check = events_of_changes(seen)
    assert (check.verdict, check.measured) == (FAIL, 1)
    assert (
        "table public.users: 3 rows changed, and its topic app.public.users got no event"
        in (check.evidence[0])
    )
    assert "its last event is 2 hours old" in check.evidence[0]
    assert "connector orders is STOPPED" in check.evidence[0]


def test_changes_without_events_and_without_a_cause_are_a_doubt() -> None:
    """PostgreSQL counts changes that are rolled back as well."""
    check = events_of_changes(with_(tables=(silent(),)))
    assert check.verdict is INCONCLUSIVE
    assert "rolled back" in check.evidence[0]
    # A session may report its changes to the counters up to a minute after they were made.
    assert events_of_changes(with_(tables=(silent(event_age_s=70.0),))).verdict is SKIPPED
    followed = with_(tables=(USERS, silent(table="public.late", event_age_s=70.0)))
    assert events_of_changes(followed).verdict is PASS


def test_a_named_table_that_is_not_published_never_arrives() -> None:
    lacking = dataclasses.replace(USERS, changed=0, arrived=0, published=False, named=True)
    check = events_of_changes(with_(tables=(lacking,)))
    assert check.verdict is FAIL
    assert "ALTER PUBLICATION orders_pub ADD TABLE public.users" in check.evidence[0]
    # Without a list, the publication decides what is captured.
    by_publication = dataclasses.replace(lacking, named=False)
    assert events_of_changes(with_(tables=(by_publication, USERS))).verdict is PASS


def test_tables_that_do_not_change_prove_nothing() -> None:
    quiet = dataclasses.replace(USERS, changed=0, arrived=0)
    check = events_of_changes(with_(tables=(quiet,), unmapped=("transforms.x",)))
    assert check.verdict is SKIPPED
    assert check.evidence == (
        "no captured table changed during the 12 s of the look; transforms.x",
    )


TOPICS = CdcTopicsRecord("", {"a": 3, "b": 1}, connectors=(ORDERS,), slots=(SLOT,))


@pytest.mark.parametrize(
    ("changes", "verdict", "words"),
    [
        ({}, PASS, "a: 3"),
        ({"events": {"a": 3, "b": 0}}, FAIL, "b: no event"),
        ({"events": {"a": 3, "b": 0}, "empty": ("b",)}, PASS, "1 table without rows: b"),
        (
            {"events": {"a": 3, "b": 0}, "unknown": {"b": "may not be described"}},
            INCONCLUSIVE,
            "b: may not be described",
        ),
        ({"events": {"a": 0, "b": 0}, "unknown": {"b": "why"}}, FAIL, "a: no event"),
        ({"events": {}}, FAIL, ""),
        ({"trouble": "connector\n FAILED"}, FAIL, "connector FAILED"),
        ({"illegal": ("a, partition 0, offset 2: no op",)}, FAIL, "offset 2: no op"),
        ({"unchecked": ("form not looked at",)}, PASS, "form not looked at"),
        (
            {"connectors": (STOPPED,), "slots": (IDLE,)},
            FAIL,
            "connector orders is STOPPED, tasks: none; its slot orders_slot is inactive, "
            "120.0 MB of WAL kept",
        ),
        ({"slots": (IDLE,)}, FAIL, "slot orders_slot of connector orders is inactive"),
        ({"slots": ()}, FAIL, "slot orders_slot of connector orders does not exist"),
        ({"not_judged": ("connector x",)}, INCONCLUSIVE, "not known: connector x"),
        ({"slots": (), "not_judged": ("x",)}, FAIL, "slot orders_slot of connector orders does"),
    ],
)
def test_cdc_topics_must_carry_events(
    changes: dict[str, object], verdict: Verdict, words: str
) -> None:
    check = cdc_running(dataclasses.replace(TOPICS, **changes))  # type: ignore[arg-type]
    assert check.verdict is verdict
    assert words in "\n".join(check.evidence)


def test_a_quiet_slot_whose_heartbeat_is_kept_elsewhere_is_not_known() -> None:
    still = dataclasses.replace(SLOT, confirmed_lsn=900 * MB)
    unknown = dataclasses.replace(ORDERS, heartbeat_ms=None)
    quiet = dataclasses.replace(USERS, changed=0, arrived=0)
    seen = with_(connectors=(unknown,), slots=(still,), tables=(quiet,))
    check = connector_slots(seen)
    assert check.verdict is INCONCLUSIVE
    assert "heartbeat.interval.ms of orders is kept elsewhere" in check.evidence[0]
    assert connector_slots(with_(connectors=(unknown,))).verdict is PASS
    assert connector_slots(dataclasses.replace(seen, tables=(USERS,))).verdict is FAIL


LEFT_OUT = "connector x is not judged, it can't be read"


def test_a_connector_that_is_not_judged_leaves_a_doubt() -> None:
    found = every(with_(left_out=(LEFT_OUT,)))
    verdicts = {name: check.verdict for name, check in found.items()}
    # That no slot is abandoned is known without any connector.
    assert verdicts.pop("abandoned slots") is PASS
    assert set(verdicts.values()) == {INCONCLUSIVE}
    assert all(LEFT_OUT in check.evidence[0] for name, check in found.items() if name in verdicts)
    stopped = every(with_(connectors=(STOPPED,), slots=(IDLE,), left_out=(LEFT_OUT,)))
    assert stopped["connectors running"].verdict is FAIL
    assert stopped["connector slots"].verdict is FAIL


def test_a_changed_table_without_a_known_topic_leaves_a_doubt() -> None:
    unknown = dataclasses.replace(USERS, table="public.x", topic="", arrived=0)
    check = events_of_changes(with_(tables=(USERS, unknown), unmapped=("public.x: why",)))
    assert check.verdict is INCONCLUSIVE
    assert "public.x" in check.evidence[0]
    still = dataclasses.replace(unknown, changed=0)
    assert events_of_changes(with_(tables=(USERS, still))).verdict is PASS


def test_a_heartbeat_that_is_longer_than_the_look_is_no_proof() -> None:
    still = dataclasses.replace(SLOT, confirmed_lsn=900 * MB)
    rare = dataclasses.replace(ORDERS, heartbeat_ms=86_400_000)
    quiet = dataclasses.replace(USERS, changed=0, arrived=0)
    seen = with_(connectors=(rare,), slots=(still,), tables=(quiet,), looked_s=190.0, flush_s=60)
    check = connector_slots(seen)
    assert check.verdict is INCONCLUSIVE
    assert "a heartbeat comes every 86,400 s" in check.evidence[0]
    # Changes have to be confirmed within a flush of offsets, whatever the heartbeat is.
    assert connector_slots(dataclasses.replace(seen, tables=(USERS,))).verdict is FAIL
    slow = dataclasses.replace(seen, tables=(USERS,), flush_s=3600)
    assert connector_slots(slow).verdict is INCONCLUSIVE
    soon = dataclasses.replace(ORDERS, heartbeat_ms=60_000)
    assert connector_slots(dataclasses.replace(seen, connectors=(soon,))).verdict is FAIL
