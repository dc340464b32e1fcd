"""Sabotage of a disk, of sizes, lag, retention, Kafka UI and requests to the controller."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from support import clock
from support.checks.disk_full import CAUSE
from support.checks.sizes import STORED
from support.clients.administration import Administration
from support.clients.kafka_ui import KafkaUi
from support.clients.kafka_ui_address import KafkaUiAddress
from support.clients.offsets import commit_offset, write_stamped
from support.clients.one_record import outcome_of_one_record
from support.experiment.controller import REQUESTS
from support.experiment.event_sizes import EventSizes
from support.experiment.experiment import Experiment
from support.experiment.full_disk import disk_shape
from support.experiment.lagging_group import LaggingGroup
from support.experiment.retention import AGES_H, RECORD_BYTES
from support.faults.timeline import FaultTimeline
from support.metrics.lag import LagWatch, read_lag
from support.promises.edge import (
    DECIDES_AGAIN,
    DISK_FULL,
    ERROR_AT_THE_PRODUCER,
    SIZE_LIMITS,
    SIZES,
)
from support.promises.lag import (
    LAG_CAUGHT_UP,
    LAG_IN_KAFKA_UI,
    LAG_NEVER_NEGATIVE,
    LOST_TO_RETENTION,
    RETENTION_KEPT,
    RETENTION_SETTINGS,
)
from support.record.controller import CONTROLLER, Asked, ControllerRecord
from support.record.disk import DISK, DiskRecord
from support.record.faults import FAULTS, FaultsRecord
from support.record.lag import KAFKA_UI, LAG, KafkaUiRecord, LagRecord
from support.record.retention import AGED_RECORDS, RetentionRecord
from support.record.sizes import EVENT_SIZES, SizesRecord
from support.results.sizes import SizeOutcome
from support.waiting import wait_until
from tests.contract.red.stack import SabotagedStack
from tests.contract.red.topic import COUNT, Topic
from tests.contract.red.verdicts import described, failing, judged, red
from tests.contract.seen_red import sees_red

SOON = timedelta(seconds=5)
WRONG_LAG = 7


@sees_red("disk full", "error at the producer")
def test_a_disk_that_fills_while_the_broker_and_a_careless_producer_do_not_notice(
    trial: Experiment,
) -> None:
    isolated = trial.use_isolated_stack(disk_shape(connect=False))
    topic = trial.create_topic("apart")
    fault = FaultTimeline("disk filled by another file", clock.now_ns())
    isolated.disk().occupy()
    fault.proven_broken()
    free = isolated.disk().free_bytes()
    lines = isolated.logs()["broker"].read_text().splitlines()
    fault.proofs += [line for line in lines if CAUSE in line]
    kafka, value = isolated.endpoints.kafka, trial.payloads.value(0)
    answered = outcome_of_one_record(kafka, topic, value, {"acks": "0"}, SOON)
    trial.record.write(FAULTS, FaultsRecord((fault.recorded(),)))
    trial.record.write(DISK, DiskRecord(free, answered.error, 0.0, halted=False, resumed=False))
    trial.verdicts.judge(DISK_FULL, ERROR_AT_THE_PRODUCER)
    assert red(judged(trial)) == {"disk full", "error at the producer"}, described(trial)


@sees_red("sizes")
def test_a_topic_with_a_smaller_limit_than_everybody_thinks(trial: Experiment) -> None:
    topic = Topic(trial, **{"max.message.bytes": "10000"})
    value = trial.payloads.value(0) * 20
    answered = outcome_of_one_record(topic.kafka, topic.name, value, {}, SOON)
    outcome = SizeOutcome("producer", len(value), answered.error or STORED, "1 MB", fits=True)
    assert answered.error == "MSG_SIZE_TOO_LARGE"
    trial.record.write(EVENT_SIZES, SizesRecord((outcome,)))
    assert failing(trial, SIZES) == {"sizes"}


@sees_red("size limits")
def test_a_producer_that_may_send_more_than_its_topic_takes(
    stack: SabotagedStack, trial: Experiment
) -> None:
    stack.configure(producer={"message.max.bytes": "5000000"})
    EventSizes(trial).record_limits()
    trial.verdicts.judge(SIZE_LIMITS)
    assert red(judged(trial)) == {"size limits"}, described(trial)


@sees_red("retention settings")
def test_a_topic_that_forgets_after_an_hour(stack: SabotagedStack, trial: Experiment) -> None:
    stack.capture_into(trial, **{"retention.ms": "3600000"})
    LaggingGroup(trial).record_retention_settings()
    trial.verdicts.judge(RETENTION_SETTINGS)
    assert red(judged(trial)) == {"retention settings"}, described(trial)


@sees_red("retention kept")
def test_a_topic_that_never_forgets(trial: Experiment) -> None:
    topic = Topic(trial, partitions="1", **{"retention.ms": "-1"})
    now_ms = clock.utc_now().timestamp() * 1000
    stamps = {offset: int(now_ms - age * 3_600_000) for offset, age in AGES_H.items()}
    write_stamped(topic.kafka, topic.name, stamps, RECORD_BYTES, SOON)
    starts, ends = trial.broker.start_offsets(topic.name), trial.broker.end_offsets(topic.name)
    trial.record.write(AGED_RECORDS, RetentionRecord(AGES_H, starts, ends, 0.0, {}, 0, ()))
    assert failing(trial, RETENTION_KEPT) == {"retention kept"}


@sees_red("lost to retention")
def test_a_group_that_was_moved_behind_what_was_deleted(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    commit_offset(topic.kafka, topic.group, topic.name, 0)
    topic.delete_up_to(3)
    commit_offset(topic.kafka, topic.group, topic.name, 3)
    committed = trial.broker.committed(topic.group, topic.name)
    starts, ends = trial.broker.start_offsets(topic.name), trial.broker.end_offsets(topic.name)
    trial.record.write(AGED_RECORDS, RetentionRecord({}, starts, ends, 0.0, committed, 3, ()))
    assert failing(trial, LOST_TO_RETENTION) == {"lost to retention"}


@sees_red("lag caught up")
def test_a_group_that_stands_still(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    commit_offset(topic.kafka, topic.group, topic.name, 5)
    watch = LagWatch(topic.kafka, topic.group, topic.name)
    wait_until(lambda: len(watch.points), lambda seen: seen > 0, SOON, "a look at the lag")
    let_go_ns = clock.now_ns()
    wait_until(lambda: watch.points[-1].at_ns, lambda at: at > let_go_ns, SOON, "another look")
    trial.record.write(LAG, LagRecord(watch.stop(), COUNT - 5, let_go_ns, COUNT))
    assert failing(trial, LAG_CAUGHT_UP) == {"lag caught up"}


@sees_red("lag never negative")
def test_a_commit_beyond_the_end_of_the_log(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    commit_offset(topic.kafka, topic.group, topic.name, 2 * COUNT)
    watch = LagWatch(topic.kafka, topic.group, topic.name)
    wait_until(lambda: len(watch.points), lambda seen: seen > 0, SOON, "a sample of the lag")
    trial.record.write(LAG, LagRecord(watch.stop(), COUNT, clock.now_ns(), COUNT))
    assert failing(trial, LAG_NEVER_NEGATIVE) == {"lag never negative"}


class LyingUi(BaseHTTPRequestHandler):
    """Serves Kafka UI's interface with a wrong lag."""

    def do_GET(self) -> None:
        lag = {"partitions": [{"topic": "t", "partition": 0, "consumerLag": WRONG_LAG}]}
        clusters = [{"name": "embedded", "status": "online"}]
        body = json.dumps(clusters if self.path == "/api/clusters" else lag).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Logs nothing."""


@contextmanager
def lying_ui() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), LyingUi)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@sees_red("lag in Kafka UI")
def test_a_kafka_ui_that_lies(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    commit_offset(topic.kafka, topic.group, topic.name, 5)
    ours = read_lag(trial.broker, topic.group, topic.name)
    with lying_ui() as url:
        shown = KafkaUi(KafkaUiAddress(url)).group_lag(topic.kafka, topic.group)
    assert ours.partitions == {0: COUNT - 5}
    trial.record.write(KAFKA_UI, KafkaUiRecord(ours.partitions, {0: shown["t", 0]}))
    assert failing(trial, LAG_IN_KAFKA_UI) == {"lag in Kafka UI"}


@sees_red("decides again")
def test_requests_that_are_refused(trial: Experiment) -> None:
    """The requests fail because they change a topic that does not exist."""
    client = Administration(trial.stack.endpoints.kafka)
    requests = {what: ask for what, ask in REQUESTS.items() if what != "create a topic"}
    asked = tuple(
        Asked(what, ask(client, f"{trial.name}-absent", 1), 0.0) for what, ask in requests.items()
    )
    trial.record.write(CONTROLLER, ControllerRecord((), asked, committed=0))
    assert failing(trial, DECIDES_AGAIN) == {"decides again"}, asked
