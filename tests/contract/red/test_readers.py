"""Consumers that read or commit wrongly, and sabotage of their groups."""

from __future__ import annotations

from datetime import timedelta

from support import clock
from support.clients.offsets import commit_offset
from support.experiment.experiment import Experiment
from support.promises.delivery import applying
from support.promises.delivery_consumers import (
    CONSUMER_RESTART_TIME,
    DIVIDED_AMONG_MEMBERS,
    POSITION_KEPT,
    RECEIVED,
    REDELIVERY_BOUND,
    RESUMED,
)
from support.record.consumers import CONSUMERS, ConsumersRecord
from support.record.sessions import GroupRead
from support.stack.lifecycle import BrokerControl
from tests.contract.red.consumer import CarelessConsumer
from tests.contract.red.stack import SabotagedStack
from tests.contract.red.topic import COUNT, Topic
from tests.contract.red.verdicts import failing
from tests.contract.seen_red import sees_red


def found(topic: Topic, consumer: CarelessConsumer) -> set[str]:
    """Closes a consumer, records what happened, and returns the checks that are FAIL."""
    return wrong(topic, topic.read_by(consumer.close()))


def wrong(
    topic: Topic, *groups: GroupRead, disturbances: tuple[tuple[int, int], ...] = ()
) -> set[str]:
    """Records what happened to a topic, and returns the checks that are FAIL."""
    return failing(topic.trial, *applying(topic.record(*groups, disturbances=disturbances)))


def test_a_careful_consumer_is_not_red(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(COUNT)
    consumer.commit()
    assert found(topic, consumer) == set()


@sees_red("poll skip", "unseen", "commit ahead of processing")
def test_a_consumer_that_skips(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(3)
    consumer.seek(10)
    consumer.read(3 + COUNT - 10)
    consumer.commit()
    assert found(topic, consumer) == {"poll skip", "unseen", "commit ahead of processing"}


@sees_red("non-monotonic poll")
def test_a_consumer_that_goes_back(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(5)
    consumer.seek(2)
    consumer.read(5 + COUNT - 2)
    consumer.commit()
    assert found(topic, consumer) == {"non-monotonic poll"}


@sees_red("commit ahead of processing")
def test_a_consumer_that_commits_before_it_has_processed(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(1)
    consumer.commit(COUNT)
    consumer.read(COUNT)
    assert found(topic, consumer) == {"commit ahead of processing"}


@sees_red("commit regression")
def test_a_consumer_that_takes_a_commit_back(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(COUNT)
    consumer.commit()
    consumer.commit(5)
    consumer.commit()
    assert found(topic, consumer) == {"commit regression"}


@sees_red("final commit")
def test_a_group_whose_offsets_another_client_moved(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(COUNT)
    consumer.commit()
    session = consumer.close()
    commit_offset(topic.kafka, topic.group, topic.name, 3)
    assert wrong(topic, topic.read_by(session)) == {"final commit"}


@sees_red("received", "unseen")
def test_a_consumer_that_stops_half_way(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(COUNT // 2)
    consumer.commit()
    assert found(topic, consumer) == {"unseen"}
    assert failing(trial, RECEIVED.exactly(COUNT)) == {"received"}


@sees_red("unexpected rebalance")
def test_a_stranger_in_the_group(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(COUNT)
    consumer.commit()
    stranger = topic.consumer("stranger")
    consumer.until(lambda: consumer.assigned > 1, stranger)
    stranger.close()
    assert "unexpected rebalance" in found(topic, consumer)


def both(topic: Topic) -> tuple[CarelessConsumer, CarelessConsumer]:
    """Returns two members of one group that have received all records between them."""
    first, second = topic.consumer("first"), topic.consumer("second")
    first.until(lambda: first.assigned >= 1 <= second.assigned, second)
    topic.fill(partitions=topic.partitions)
    first.until(lambda: first.count + second.count >= COUNT, second)
    return first, second


@sees_red("group cross-talk", "unseen")
def test_two_groups_that_are_one(trial: Experiment) -> None:
    topic = Topic(trial)
    first, second = both(topic)
    groups = [topic.read_by(each.close(), name=each.name) for each in (first, second)]
    assert {"group cross-talk", "unseen"} <= wrong(topic, *groups)


@sees_red("divided among members")
def test_two_consumers_and_one_partition(trial: Experiment) -> None:
    topic = Topic(trial, partitions="1")
    group = topic.read_by(*(each.close() for each in both(topic)))
    topic.record(group)
    assert failing(trial, DIVIDED_AMONG_MEMBERS) == {"divided among members"}


@sees_red("resumed", "redelivery bound", "consumer restart time")
def test_a_consumer_that_begins_again(trial: Experiment) -> None:
    topic = Topic(trial).fill()
    before = topic.consumer()
    before.read(COUNT // 2)
    before.commit()
    first = before.close()
    committed = trial.broker.committed(topic.group, topic.name)
    after = topic.consumer(resumes_from=committed, from_beginning=True)
    after.read(COUNT)
    topic.record(topic.read_by(first, after.close()))
    trial.record.write(CONSUMERS, ConsumersRecord(500, 5.0, static=True, session_s=45.0))
    checks = (RESUMED, REDELIVERY_BOUND, CONSUMER_RESTART_TIME.below(0.001))
    assert failing(trial, *checks) == {"resumed", "redelivery bound", "consumer restart time"}


def freeze(broker: BrokerControl) -> tuple[int, int]:
    """Freezes the broker for a moment; returns the begin and the end in monotonic ns."""
    began = clock.now_ns()
    broker.pause()
    try:
        clock.pause(timedelta(milliseconds=500))
    finally:
        broker.resume()
    return began, clock.now_ns()


@sees_red("stuck after heal")
def test_a_consumer_that_does_not_go_on(stack: SabotagedStack, trial: Experiment) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(5)
    consumer.commit()
    frozen = freeze(stack.broker())
    group = topic.read_by(consumer.close())
    assert wrong(topic, group, disturbances=(frozen,)) == {"stuck after heal", "unseen"}


@sees_red("position kept")
def test_a_consumer_that_goes_on_elsewhere(stack: SabotagedStack, trial: Experiment) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(5)
    consumer.commit()
    frozen = freeze(stack.broker())
    consumer.seek(10)
    consumer.read(5 + COUNT - 10)
    consumer.commit()
    topic.record(topic.read_by(consumer.close()), disturbances=(frozen,))
    assert failing(trial, POSITION_KEPT) == {"position kept"}
