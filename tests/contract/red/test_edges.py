"""Disks, sizes, lag, retention and requests at which something is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from support import clock
from support.checks.controller import Asked, decides_again
from support.checks.disk_full import CAUSE, disk_full, producer_told
from support.checks.kafka_ui import same_lag
from support.checks.lag import caught_up, lost_to_retention
from support.checks.retention_time import retention_kept
from support.checks.sizes import STORED, sizes
from support.clients.administration import Administration
from support.clients.kafka_ui import KafkaUi
from support.clients.offsets import commit_offset, write_stamped
from support.clients.one_record import fate_of_one_record
from support.experiment.controller_trial import REQUESTS
from support.experiment.disk_trial import disk_shape
from support.experiment.experiment import Trial
from support.experiment.lag_trial import LagTrial
from support.experiment.retention_trial import AGES_H, RECORD_BYTES
from support.experiment.size_trial import SizeTrial
from support.metrics.lag import LagWatch, read_lag
from support.results.measurements import SizeOutcome
from support.waiting import wait_until
from tests.contract.red.stack import SabotagedStack
from tests.contract.red.topic import COUNT, Topic
from tests.contract.red.verdicts import judged, red, told
from tests.contract.seen_red import sees_red

SOON = timedelta(seconds=5)
WRONG_LAG = 7


@sees_red("disk full", "producer told")
def test_a_disk_that_fills_while_the_broker_and_a_careless_producer_do_not_notice(
    trial: Trial,
) -> None:
    aside = trial.move_aside(disk_shape(connect=False))
    topic = trial.create_topic("apart")
    aside.disk().occupy()
    free = aside.disk().free_bytes()
    lines = aside.logs()["broker"].read_text().splitlines()
    bootstrap, value = aside.endpoints.bootstrap, trial.payloads.value(0)
    fate = fate_of_one_record(bootstrap, topic, value, {"acks": "0"}, SOON)
    trial.judge(
        disk_full(free, [line for line in lines if CAUSE in line]), producer_told(fate.error, 0.0)
    )
    assert red(judged(trial)) == {"disk full", "producer told"}, told(trial)


@sees_red("sizes")
def test_a_topic_with_a_smaller_limit_than_everybody_thinks(trial: Trial) -> None:
    topic = Topic(trial, **{"max.message.bytes": "10000"})
    value = trial.payloads.value(0) * 20
    fate = fate_of_one_record(topic.bootstrap, topic.name, value, {}, SOON)
    outcome = SizeOutcome("producer", len(value), fate.error or STORED, "1 MB", fits=True)
    assert fate.error == "MSG_SIZE_TOO_LARGE"
    assert red([sizes([outcome])]) == {"sizes"}


@sees_red("size limits")
def test_a_producer_that_may_send_more_than_its_topic_takes(
    stack: SabotagedStack, trial: Trial
) -> None:
    stack.configure(producer={"message.max.bytes": "5000000"})
    SizeTrial(trial).judge_limits()
    assert red(judged(trial)) == {"size limits"}, told(trial)


@sees_red("retention settings")
def test_a_topic_that_forgets_after_an_hour(stack: SabotagedStack, trial: Trial) -> None:
    stack.capture_into(trial, **{"retention.ms": "3600000"})
    LagTrial(trial).judge_retention_settings()
    assert red(judged(trial)) == {"retention settings"}, told(trial)


@sees_red("retention kept")
def test_a_topic_that_never_forgets(trial: Trial) -> None:
    topic = Topic(trial, partitions="1", **{"retention.ms": "-1"})
    now_ms = clock.utc_now().timestamp() * 1000
    stamps = {offset: int(now_ms - age * 3_600_000) for offset, age in AGES_H.items()}
    write_stamped(topic.bootstrap, topic.name, stamps, RECORD_BYTES, SOON)
    starts, ends = trial.broker.start_offsets(topic.name), trial.broker.end_offsets(topic.name)
    assert red([retention_kept(AGES_H, starts[0], ends[0], 0.0)]) == {"retention kept"}


@sees_red("lost to retention")
def test_a_group_that_was_moved_behind_what_was_deleted(trial: Trial) -> None:
    topic = Topic(trial).fill()
    commit_offset(topic.bootstrap, topic.group, topic.name, 0)
    topic.delete_up_to(3)
    commit_offset(topic.bootstrap, topic.group, topic.name, 3)
    committed = trial.broker.committed(topic.group, topic.name)
    starts = trial.broker.start_offsets(topic.name)
    assert red([lost_to_retention(committed, starts, 3, ())]) == {"lost to retention"}


@sees_red("lag caught up")
def test_a_group_that_stands_still(trial: Trial) -> None:
    topic = Topic(trial).fill()
    commit_offset(topic.bootstrap, topic.group, topic.name, 5)
    watch = LagWatch(topic.bootstrap, topic.group, topic.name)
    wait_until(lambda: len(watch.points), lambda seen: seen > 0, SOON, "a look at the lag")
    let_go_ns = clock.now_ns()
    wait_until(lambda: watch.points[-1].at_ns, lambda at: at > let_go_ns, SOON, "another look")
    assert red([caught_up(watch.stop(), let_go_ns, COUNT)]) == {"lag caught up"}


class LyingUi(BaseHTTPRequestHandler):
    """Kafka UI's interface, with a lag that it made up."""

    def do_GET(self) -> None:
        lag = {"partitions": [{"partition": 0, "consumerLag": WRONG_LAG}]}
        clusters = [{"name": "embedded", "status": "online"}]
        body = json.dumps(clusters if self.path == "/api/clusters" else lag).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


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
def test_a_kafka_ui_that_lies(trial: Trial) -> None:
    topic = Topic(trial).fill()
    commit_offset(topic.bootstrap, topic.group, topic.name, 5)
    ours = read_lag(trial.broker, topic.group, topic.name)
    with lying_ui() as url:
        theirs = KafkaUi(url).group_lag(topic.bootstrap, topic.group)
    assert ours.partitions == {0: COUNT - 5}
    assert red([same_lag(ours.partitions, theirs)]) == {"lag in Kafka UI"}


@sees_red("decides again")
def test_requests_that_are_refused(trial: Trial) -> None:
    """A topic that is not there can't be changed."""
    client = Administration(trial.stack.endpoints.bootstrap)
    requests = {what: ask for what, ask in REQUESTS.items() if what != "create a topic"}
    asked = [
        Asked(what, ask(client, f"{trial.name}-absent", 1), 0.0) for what, ask in requests.items()
    ]
    assert red([decides_again(asked)]) == {"decides again"}, asked
