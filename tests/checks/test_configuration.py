"""Settings that break at-least-once delivery are found, and correct ones are not."""

from __future__ import annotations

import dataclasses

import pytest

from support.baseline import Baseline
from support.checks.configuration import at_least_once_configuration
from support.checks.configuration_worker import worker_configuration
from support.checks.retention_time import (
    SPECIFIED,
    kept_s,
    retention_findings,
    retention_settings,
)
from support.record.capture_in_force import Capture
from support.record.in_force import InForce
from support.record.lag import TopicLoad
from support.record.topic_in_force import TopicInForce, Values
from support.results.schema import Check, Verdict

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
WEEK = {"retention.ms": "604800000", "retention.bytes": "-1", "cleanup.policy": "delete"}
BROKER = {"unclean.leader.election.enable": "false", "offsets.retention.minutes": "10080"}
UNWRAP = {"transforms": "u", "transforms.u.type": "io.debezium.transforms.ExtractNewRecordState"}
JSON = "org.apache.kafka.connect.json.JsonConverter"


def topic(*, partitions: int = 3, replicas: int = 1, **settings: str) -> TopicInForce:
    """`retention_ms` for retention.ms."""
    given = {key.replace("_", "."): value for key, value in settings.items()}
    in_force = {
        **WEEK,
        "min.insync.replicas": "1",
        "flush.messages": "9223372036854775807",
        "unclean.leader.election.enable": "false",
    }
    return TopicInForce("cdc", {**in_force, **given}, partitions, replicas)


CAPTURE = Capture(
    {"snapshot.mode": "initial", "heartbeat.interval.ms": "5000"},
    {"offset.flush.interval.ms": "2000", "value.converter": JSON},
)
RIGHT = InForce(
    producer={"acks": "all", "max.in.flight.requests.per.connection": "1"},
    consumer={"enable.auto.commit": "false", "auto.offset.reset": "earliest"},
    brokers={1: BROKER},
    topics=(topic(),),
    capture=CAPTURE,
)


def with_capture(
    connector: dict[str, str] | None = None, worker: dict[str, str] | None = None
) -> Check:
    assert CAPTURE.worker is not None
    given = Capture(
        {**CAPTURE.connector, **(connector or {})}, {**CAPTURE.worker, **(worker or {})}
    )
    return at_least_once_configuration(dataclasses.replace(RIGHT, capture=given))


def test_the_baseline_is_right_and_its_residual_risks_are_named() -> None:
    baseline = Baseline.load({})
    capture = Capture(baseline.connector, baseline.worker)
    check = at_least_once_configuration(
        dataclasses.replace(
            RIGHT, producer=baseline.producer, consumer=baseline.consumer, capture=capture
        )
    )
    assert check.verdict is PASS
    risks = "\n".join(check.evidence)
    assert "one replica, so the loss of a disk loses records" in risks
    assert "a power failure of every replica" in risks
    assert "Connect's producer: acks=all, max.in.flight.requests.per.connection=1" in risks
    assert "killed in the first 2 s" in risks


def test_a_consumer_that_commits_first_is_named() -> None:
    check = at_least_once_configuration(dataclasses.replace(RIGHT, commit_first=True))
    assert check.verdict is FAIL
    assert "commits before it processes" in check.evidence[0]


@pytest.mark.parametrize(
    ("part", "changed", "words"),
    [
        ("producer", {"acks": "0"}, "acks=0: it does not wait for all in-sync replicas"),
        ("producer", {"acks": "1"}, "acks=1"),
        ("producer", {"retries": "0"}, "retries=0"),
        ("producer", {"message.send.max.retries": "0"}, "the first transient error loses a record"),
        ("producer", {"message.timeout.ms": "1000"}, "gives up before a crashed broker is back"),
        ("producer", {"max.in.flight.requests.per.connection": "5"}, "a retry can be overtaken"),
        ("consumer", {"enable.auto.commit": "true"}, "offsets are committed before processing"),
        ("consumer", {"enable.auto.commit": "1"}, "offsets are committed before processing"),
        ("consumer", {"auto.offset.reset": "latest"}, "skips existing records"),
    ],
)
def test_a_client_s_setting_is_named_with_its_consequence(
    part: str, changed: dict[str, str], words: str
) -> None:
    given = dataclasses.replace(
        RIGHT,
        producer={**RIGHT.producer, **(changed if part == "producer" else {})},
        consumer={**RIGHT.consumer, **(changed if part == "consumer" else {})},
    )
    check = at_least_once_configuration(given)
    assert (check.verdict, check.measured) == (FAIL, 1)
    assert words in check.evidence[0]


@pytest.mark.parametrize("yes", ["true", "TRUE", "1", "t"])
def test_booleans_are_read_as_librdkafka_does(yes: str) -> None:
    relaxed = {**RIGHT.producer, "max.in.flight": "5", "enable.idempotence": yes}
    assert at_least_once_configuration(dataclasses.replace(RIGHT, producer=relaxed)).verdict is PASS
    off = {**RIGHT.consumer, "enable.auto.commit": "0"}
    assert at_least_once_configuration(dataclasses.replace(RIGHT, consumer=off)).verdict is PASS


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"unclean.leader.election.enable": "true"}, "a replica out of sync"),
        ({"offsets.retention.minutes": "60"}, "loses its committed offsets"),
        ({"offsets.commit.required.acks": "1"}, "lost with its leader"),
    ],
)
def test_every_broker_of_the_cluster_is_judged(changed: dict[str, str], words: str) -> None:
    for weak in (1, 2, 3):
        brokers = {n: {**BROKER, **(changed if n == weak else {})} for n in (1, 2, 3)}
        check = at_least_once_configuration(dataclasses.replace(RIGHT, brokers=brokers))
        assert (check.verdict, check.measured) == (FAIL, 1)
        assert words in check.evidence[0]
        assert f"broker {weak}: " in check.evidence[0]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            topic(retention_ms="1000"),
            "a consumer that stops for longer than 1 seconds loses records",
        ),
        (topic(unclean_leader_election_enable="true"), "a replica out of sync"),
        (topic(cleanup_policy="compact"), "never receives them"),
        (topic(cleanup_policy="compact,delete"), "never receives them"),
        (topic(retention_bytes="4294967296"), "is full after 39 minutes at 1,000 messages/s"),
        (topic(replicas=3), "min.insync.replicas=1 with 3 replicas"),
        (topic(replicas=2, min_insync_replicas="3"), "no record can be accepted"),
    ],
)
def test_a_topic_s_setting_is_named_with_its_consequence(given: TopicInForce, words: str) -> None:
    check = at_least_once_configuration(dataclasses.replace(RIGHT, topics=(topic(), given)))
    assert (check.verdict, check.measured) == (FAIL, 1)
    assert words in check.evidence[0]


def test_topics_with_the_same_wrong_setting_are_one_finding() -> None:
    short = [dataclasses.replace(topic(retention_ms="60000"), name=f"t{n:02}") for n in range(12)]
    check = at_least_once_configuration(dataclasses.replace(RIGHT, topics=(topic(), *short)))
    assert (check.verdict, check.measured) == (FAIL, 1)
    assert check.evidence[0].startswith("topics t00, t01, ")
    assert (
        "and 2 more: retention.ms=60000: a consumer that stops for longer than 60 seconds"
        in (check.evidence[0])
    )


def test_every_connector_of_the_team_is_judged_by_its_name() -> None:
    lossy = Capture({"errors.tolerance": "all", "snapshot.mode": "initial"}, None)
    theirs = {"orders": Capture({"heartbeat.interval.ms": "1"}, None), "billing": lossy}
    check = at_least_once_configuration(dataclasses.replace(RIGHT, capture=None, team=theirs))
    assert (check.verdict, check.measured) == (FAIL, 1)
    assert check.evidence[0].startswith("billing: connector errors.tolerance=all")
    right = dataclasses.replace(RIGHT, capture=None, team={"orders": theirs["orders"]})
    check = at_least_once_configuration(right)
    assert check.verdict is PASS
    assert any(line.startswith("orders: not judged here: ") for line in check.evidence)
    unseen = at_least_once_configuration(dataclasses.replace(right, not_known=("topic of x",)))
    assert (unseen.verdict, unseen.evidence) == (INCONCLUSIVE, ("not known: topic of x",))


def test_the_residual_risk_counts_the_replicas_that_there_are() -> None:
    three = topic(replicas=3, min_insync_replicas="2")
    check = at_least_once_configuration(dataclasses.replace(RIGHT, topics=(three,)))
    assert check.verdict is PASS
    assert not any("one replica" in line for line in check.evidence)
    assert "3 replicas, min.insync.replicas=2" in check.evidence


def test_without_a_broker_or_a_topic_nothing_is_judged() -> None:
    for blind in (dataclasses.replace(RIGHT, brokers={}), dataclasses.replace(RIGHT, topics=())):
        assert at_least_once_configuration(blind).verdict is INCONCLUSIVE


def without(given: TopicInForce, key: str) -> TopicInForce:
    rest = {name: value for name, value in given.settings.items() if name != key}
    return dataclasses.replace(given, settings=rest)


@pytest.mark.parametrize("key", ["unclean.leader.election.enable", "offsets.retention.minutes"])
def test_a_setting_that_a_broker_does_not_report_is_named_and_no_pass(key: str) -> None:
    rest = {k: v for k, v in BROKER.items() if k != key}
    for blind in (rest, {**rest, key: None}):
        brokers: dict[int, Values] = {1: BROKER, 2: blind}
        check = at_least_once_configuration(dataclasses.replace(RIGHT, brokers=brokers))
        assert check.verdict is INCONCLUSIVE
        assert check.evidence == (f"not known: broker 2 {key}",)
        # A setting that is known to be wrong still counts.
        weak = dataclasses.replace(RIGHT, brokers=brokers, commit_first=True)
        assert at_least_once_configuration(weak).verdict is FAIL


@pytest.mark.parametrize(
    "key",
    [
        "retention.ms",
        "retention.bytes",
        "cleanup.policy",
        "min.insync.replicas",
        "unclean.leader.election.enable",
    ],
)
def test_a_setting_of_a_topic_that_is_not_known_is_named_and_no_pass(key: str) -> None:
    blind = dataclasses.replace(RIGHT, topics=(topic(), without(topic(), key)))
    check = at_least_once_configuration(blind)
    assert check.verdict is INCONCLUSIVE
    assert check.evidence == (f"not known: topic cdc {key}",)


@pytest.mark.parametrize("key", ["retention.ms", "retention.bytes", "cleanup.policy"])
def test_a_retention_that_is_not_known_is_no_pass(key: str) -> None:
    check = retention_settings([topic(), without(topic(), key)])
    assert check.verdict is INCONCLUSIVE
    assert check.evidence == (f"not known: topic cdc {key}",)
    assert retention_settings([without(topic(retention_ms="1"), "cleanup.policy")]).verdict is FAIL


def test_a_topic_that_does_not_exist_is_named() -> None:
    gone = TopicInForce("dbserver.public.users", {}, 0, 0)
    why = ("not known: topic dbserver.public.users does not exist",)
    check = at_least_once_configuration(dataclasses.replace(RIGHT, topics=(topic(), gone)))
    assert (check.verdict, check.evidence) == (INCONCLUSIVE, why)
    check = retention_settings([topic(), gone])
    assert (check.verdict, check.evidence) == (INCONCLUSIVE, why)


def test_the_default_of_an_unknown_version_of_debezium_is_not_known() -> None:
    """Debezium 2.5 drops a DELETE; in later versions it leaves a tombstone."""
    unseen = Capture({**CAPTURE.connector, **UNWRAP}, None)
    check = at_least_once_configuration(dataclasses.replace(RIGHT, capture=unseen))
    assert check.verdict is INCONCLUSIVE
    assert "delete.tombstone.handling.mode" in check.evidence[0]


@pytest.mark.parametrize(
    ("connector", "worker", "words"),
    [
        ({"producer.override.acks": "1"}, {}, "connector producer.override.acks=1: acknowledged"),
        ({"producer.override.acks": "0"}, {}, "lost, and their source offset is committed"),
        ({}, {"producer.acks": "0"}, "worker producer.acks=0"),
        ({"producer.override.acks": "0"}, {"producer.acks": "all"}, "connector producer.override"),
        ({}, {"producer.retries": "0"}, "stops the task"),
        ({}, {"producer.delivery.timeout.ms": "5000"}, "before a crashed broker is back"),
        (
            {"producer.override.max.in.flight.requests.per.connection": "5"},
            {},
            "changes of a row can be reordered",
        ),
        ({"errors.tolerance": "all"}, {}, "dropped silently, and its source offset is committed"),
        ({"event.processing.failure.handling.mode": "skip"}, {}, "dropped silently"),
        ({"event.processing.failure.handling.mode": "WARN"}, {}, "a line in the log"),
        ({"snapshot.mode": "never"}, {}, "are never sent"),
        ({"snapshot.mode": "initial_only"}, {}, "changes after the snapshot are never sent"),
        ({"skipped.operations": "u,d"}, {}, "no UPDATE and no DELETE is ever sent"),
        ({"slot.drop.on.stop": "true"}, {}, "lost with its replication slot"),
        (
            {"value.converter": "org.apache.kafka.connect.storage.StringConverter"},
            {},
            "can't parse the value",
        ),
        (
            {},
            {"value.converter": "org.apache.kafka.connect.converters.ByteArrayConverter"},
            "can't represent",
        ),
        (
            {"transforms": "f", "transforms.f.type": "org.apache.kafka.connect.transforms.Filter"},
            {},
            "what it filters is never sent",
        ),
        (
            {"transforms": "x", "transforms.x.delete.handling.mode": "drop"},
            {},
            "no DELETE is ever sent",
        ),
        (UNWRAP, {}, "drops it unless delete.tombstone.handling.mode"),
        (
            {**UNWRAP, "transforms.u.delete.handling.mode": "drop"},
            {},
            "no DELETE is ever sent",
        ),
        (
            {**UNWRAP, "transforms.u.drop.tombstones": "false", "tombstones.on.delete": "false"},
            {},
            "no DELETE is ever sent",
        ),
        (
            {**UNWRAP, "transforms.u.delete.tombstone.handling.mode": "DROP"},
            {},
            "delete.tombstone.handling.mode=DROP: no DELETE is ever sent",
        ),
        ({}, {"offset.flush.interval.ms": "60000"}, "takes the snapshot again"),
    ],
)
def test_what_loses_change_data_is_named(
    connector: dict[str, str], worker: dict[str, str], words: str
) -> None:
    check = with_capture(connector, worker)
    assert (check.verdict, check.measured) == (FAIL, 1)
    assert words in check.evidence[0]


def test_case_1_names_both_settings() -> None:
    check = with_capture({"producer.override.acks": "1", "errors.tolerance": "all"})
    assert (check.verdict, check.measured) == (FAIL, 2)
    assert "producer.override.acks=1" in check.evidence[0]
    assert "errors.tolerance=all" in check.evidence[1]


@pytest.mark.parametrize(
    ("connector", "worker"),
    [
        ({"producer.override.acks": "-1"}, {"producer.acks": "0"}),
        ({"errors.tolerance": "none"}, {}),
        ({"skipped.operations": "none"}, {}),
        ({"skipped.operations": "t"}, {}),
        ({"heartbeat.interval.ms": "0"}, {}),
        ({"tombstones.on.delete": "false"}, {}),
        ({**UNWRAP, "transforms.u.delete.tombstone.handling.mode": "tombstone"}, {}),
        ({**UNWRAP, "transforms.u.delete.tombstone.handling.mode": "rewrite"}, {}),
        ({**UNWRAP, "transforms.u.delete.handling.mode": "none"}, {}),
        # The DELETE itself is dropped, and its tombstone is kept.
        ({**UNWRAP, "transforms.u.drop.tombstones": "false"}, {}),
        ({"producer.override.linger.ms": "5"}, {"producer.batch.size": "1"}),
        ({"value.converter": "io.confluent.connect.avro.AvroConverter"}, {}),
        ({"key.converter": "org.apache.kafka.connect.storage.StringConverter"}, {}),
        (
            {
                "transforms": "outbox",
                "transforms.outbox.type": "io.debezium.transforms.outbox.EventRouter",
                "value.converter": "org.apache.kafka.connect.storage.StringConverter",
            },
            {},
        ),
        (
            {
                "producer.override.max.in.flight.requests.per.connection": "5",
                "producer.override.enable.idempotence": "true",
            },
            {},
        ),
        (
            {"producer.override.max.in.flight.requests.per.connection": "5"},
            {"exactly.once.source.support": "enabled"},
        ),
    ],
)
def test_what_loses_nothing_is_no_finding(
    connector: dict[str, str], worker: dict[str, str]
) -> None:
    check = with_capture(connector, worker)
    assert check.verdict is PASS, check.evidence


@pytest.mark.parametrize(
    ("policy", "in_force"),
    [
        ("All", True),
        ("None", False),
        ("Principal", False),
        (
            "org.apache.kafka.connect.connector.policy.NoneConnectorClientConfigOverridePolicy",
            False,
        ),
        ("com.example.OwnPolicy", True),
    ],
)
def test_the_worker_s_policy_decides_what_a_connector_may_override(
    policy: str, in_force: bool
) -> None:
    check = with_capture(
        {"producer.override.acks": "1"}, {"connector.client.config.override.policy": policy}
    )
    assert check.verdict is (FAIL if in_force else PASS)
    assert in_force or any("the worker's policy refuses it" in line for line in check.evidence)


@pytest.mark.parametrize(("kept", "named"), [("true", True), ("false", False)])
def test_a_converter_that_replaces_null_is_a_residual_risk(kept: str, named: bool) -> None:
    check = with_capture({}, {"value.converter.replace.null.with.default": kept})
    assert check.verdict is PASS
    assert any("a NULL in a column with a DEFAULT" in line for line in check.evidence) is named


def test_a_converter_of_the_connector_ignores_the_worker_s_settings() -> None:
    own = {"value.converter": JSON}
    check = with_capture(own, {"value.converter.replace.null.with.default": "false"})
    assert any("a NULL in a column with a DEFAULT" in line for line in check.evidence)


def test_a_worker_whose_settings_are_not_known_is_named() -> None:
    given = {**CAPTURE.connector, "producer.override.acks": "all"}
    unseen = Capture(given, None)
    check = at_least_once_configuration(dataclasses.replace(RIGHT, capture=unseen))
    assert check.verdict is PASS
    (line,) = (each for each in check.evidence if each.startswith("not judged here: "))
    assert "the settings of the worker" in line
    assert "Connect's producer: acks=all" in check.evidence
    check = worker_configuration(dataclasses.replace(RIGHT, capture=unseen))
    assert check.verdict is INCONCLUSIVE
    assert "a worker does not report its settings" in check.evidence[0]
    check = worker_configuration(dataclasses.replace(RIGHT, capture=None, not_known=("no x",)))
    assert (check.verdict, check.evidence) == (INCONCLUSIVE, ("no x",))


@pytest.mark.parametrize(
    ("connector", "worker", "words"),
    [
        ({}, {"producer.acks": "1"}, "worker producer.acks=1: acknowledged only by the leader"),
        ({"producer.override.acks": "0"}, {}, "connector producer.override.acks=0: changes"),
        ({}, {"producer.retries": "0"}, "worker producer.retries=0: the first transient error"),
        ({}, {"offset.flush.interval.ms": "60000"}, "worker offset.flush.interval.ms=60000"),
        ({}, {"value.converter": "org.apache.StringConverter"}, "value.converter="),
    ],
)
def test_a_wrong_setting_of_the_worker_is_named(
    connector: dict[str, str], worker: dict[str, str], words: str
) -> None:
    assert CAPTURE.worker is not None
    theirs = Capture({**CAPTURE.connector, **connector}, {**CAPTURE.worker, **worker}, own=False)
    check = worker_configuration(dataclasses.replace(RIGHT, capture=None, team={"o": theirs}))
    assert (check.verdict, check.measured) == (FAIL, 1)
    assert check.evidence[-1].startswith("judged as the file of worker_config has it")
    assert check.evidence[0].startswith(words)


def test_a_right_worker_passes_with_the_settings_of_its_producer() -> None:
    check = worker_configuration(RIGHT)
    assert check.verdict is PASS
    assert check.evidence[0].startswith("Connect's producer: acks=all, max.in.flight")


def test_a_limit_by_size_is_a_time_at_a_rate() -> None:
    capped = topic(retention_bytes="4294967296")
    assert kept_s(capped, SPECIFIED) == pytest.approx(3 * 4294967296 / 5.5e6)
    assert kept_s(capped, TopicLoad(3.8, 5500)) == 604_800
    assert kept_s(topic(), SPECIFIED) == 604_800
    assert kept_s(topic(retention_ms="-1"), SPECIFIED) == float("inf")
    assert kept_s(capped, TopicLoad(0, 5500)) == 604_800
    enough = topic(retention_bytes=str(1000 * 5500 * 604_800 // 3 + 1))
    assert list(retention_findings(enough)) == []
    one_less = topic(retention_bytes=str(1000 * 5500 * 604_800 // 3 - 1))
    assert len(list(retention_findings(one_less))) == 1
    assert len(list(retention_findings(dataclasses.replace(enough, partitions=2)))) == 1


def test_a_limit_by_size_says_when_it_is_full_and_which_load_it_holds() -> None:
    check = retention_settings([topic(), topic(retention_bytes="4294967296")])
    assert (check.verdict, check.measured) == (FAIL, "39 minutes")
    assert check.evidence[0] == (
        "cdc: retention.bytes=4294967296 for each of 3 partitions is full after 39 minutes at "
        "1,000 messages/s of 5.5 KB; it lasts 7 days for up to 3.9 messages/s"
    )


def test_a_measured_load_that_does_not_fill_the_size_is_a_deviation() -> None:
    capped = topic(retention_bytes="4294967296")
    slow, fast = TopicLoad(2, 1000), TopicLoad(50, 5500)
    check = retention_settings([capped], {"cdc": slow})
    assert check.verdict is Verdict.DEVIATION
    assert "for 7 days at the measured load" in check.deviation
    assert retention_settings([capped], {"cdc": fast}).verdict is FAIL
    unknown = retention_settings([capped], {})
    assert unknown.verdict is FAIL
    assert any("load not measured" in line for line in unknown.evidence)
    assert retention_settings([topic()], {"cdc": fast}).verdict is PASS


def test_retention_by_time_and_compaction_are_judged_without_a_load() -> None:
    assert retention_settings([topic()]).verdict is PASS
    assert retention_settings([topic(retention_ms="-1")]).measured == "unlimited"
    assert retention_settings([topic(retention_ms="3600000")]).verdict is FAIL
    assert retention_settings([topic(cleanup_policy="compact,delete")]).verdict is FAIL
    assert retention_settings([topic(retention_bytes="-5")]).verdict is PASS
    assert retention_settings([]).verdict is INCONCLUSIVE


HIDDEN_OF_A_CONNECTOR = (
    "errors.tolerance",
    "event.processing.failure.handling.mode",
    "snapshot.mode",
    "slot.drop.on.stop",
    "skipped.operations",
    "producer.override.acks",
    "producer.override.retries",
    "producer.override.delivery.timeout.ms",
    "producer.override.max.in.flight.requests.per.connection",
    "value.converter",
)


@pytest.mark.parametrize("key", HIDDEN_OF_A_CONNECTOR)
def test_a_setting_of_a_connector_that_is_kept_elsewhere_is_not_known(key: str) -> None:
    check = with_capture({key: "${file:/x:y}"})
    assert (check.verdict, check.evidence) == (
        INCONCLUSIVE,
        (f"not known: connector {key} (${{file:/x:y}}) is kept elsewhere",),
    )
    # A setting that is known to be wrong still counts.
    wrong = "errors.tolerance" if key == "snapshot.mode" else "snapshot.mode"
    value = "all" if wrong == "errors.tolerance" else "never"
    check = with_capture({key: "${file:/x:y}", wrong: value})
    assert (check.verdict, check.measured) == (FAIL, 1)
    assert f"connector {wrong}={value}" in check.evidence[0]


@pytest.mark.parametrize(
    "key",
    [
        "producer.acks",
        "producer.retries",
        "producer.delivery.timeout.ms",
        "producer.enable.idempotence",
        "producer.max.in.flight.requests.per.connection",
        "offset.flush.interval.ms",
        "value.converter",
        "exactly.once.source.support",
    ],
)
def test_a_setting_of_a_worker_that_is_kept_elsewhere_is_neither_right_nor_wrong(key: str) -> None:
    hidden = {key: "${env:X}", "producer.max.in.flight.requests.per.connection": "5"} | {
        key: "${env:X}"
    }
    assert CAPTURE.worker is not None
    given = Capture(CAPTURE.connector, {**CAPTURE.worker, **hidden})
    if key not in ("producer.enable.idempotence", "exactly.once.source.support"):
        given = Capture(CAPTURE.connector, {**CAPTURE.worker, key: "${env:X}"})
    seen = dataclasses.replace(RIGHT, capture=given)
    for check in (worker_configuration(seen), at_least_once_configuration(seen)):
        assert check.verdict is INCONCLUSIVE, check.evidence
        assert f"worker {key} (${{env:X}}) is kept elsewhere" in check.evidence[0]


def test_a_hidden_setting_that_another_one_overrides_does_not_matter() -> None:
    check = with_capture({"producer.override.acks": "all"}, {"producer.acks": "${env:X}"})
    assert check.verdict is PASS
    own = {"value.converter": JSON}
    assert with_capture(own, {"value.converter": "${env:X}"}).verdict is PASS


def test_under_a_hidden_policy_it_is_not_known_which_override_is_in_force() -> None:
    policy = {"connector.client.config.override.policy": "${env:X}"}
    check = with_capture({"producer.override.acks": "1"}, policy)
    assert check.verdict is INCONCLUSIVE
    assert "connector.client.config.override.policy" in check.evidence[0]
    assert with_capture({}, policy).verdict is PASS


def test_what_a_hidden_setting_does_to_a_delete_is_not_known() -> None:
    hidden = {**UNWRAP, "transforms.u.drop.tombstones": "${env:X}"}
    check = with_capture({**hidden, "transforms.u.delete.handling.mode": "drop"})
    assert check.verdict is INCONCLUSIVE
    assert "transforms.u.drop.tombstones" in check.evidence[0]


def test_a_topic_that_may_be_missing_is_no_retention() -> None:
    check = retention_settings([topic()], None, ("connector x",))
    assert (check.verdict, check.evidence) == (INCONCLUSIVE, ("not known: connector x",))
    assert retention_settings([topic(retention_ms="1")], None, ("x",)).verdict is FAIL
