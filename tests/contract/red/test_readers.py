"""What consumers can do wrong, and what can be done to them."""

from __future__ import annotations

from datetime import timedelta

from support import clock
from support.checks.delivery import check_delivery
from support.checks.groups import divided
from support.checks.received import received
from support.checks.resumed import place_kept, resumed
from support.checks.resumption import consumer_restart, redelivery_bound
from support.clients.offsets import commit_offset
from support.experiment.experiment import Trial
from support.stack.lifecycle import BrokerControl
from tests.contract.red.consumer import CarelessConsumer
from tests.contract.red.stack import SabotagedStack
from tests.contract.red.topic import COUNT, Topic
from tests.contract.red.verdicts import red
from tests.contract.seen_red import sees_red


def found(topic: Topic, consumer: CarelessConsumer) -> set[str]:
    """What is red after it has left its group."""
    return red(check_delivery(topic.history(topic.read_by(consumer.close()))))


def test_a_careful_consumer_is_not_red(trial: Trial) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(COUNT)
    consumer.commit()
    assert found(topic, consumer) == set()


@sees_red("poll skip", "unseen", "commit ahead of processing")
def test_a_consumer_that_skips(trial: Trial) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(3)
    consumer.seek(10)
    consumer.read(3 + COUNT - 10)
    consumer.commit()
    assert found(topic, consumer) == {"poll skip", "unseen", "commit ahead of processing"}


@sees_red("non-monotonic poll")
def test_a_consumer_that_goes_back(trial: Trial) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(5)
    consumer.seek(2)
    consumer.read(5 + COUNT - 2)
    consumer.commit()
    assert found(topic, consumer) == {"non-monotonic poll"}


@sees_red("commit ahead of processing")
def test_a_consumer_that_commits_before_it_has_processed(trial: Trial) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(1)
    consumer.commit(COUNT)
    consumer.read(COUNT)
    assert found(topic, consumer) == {"commit ahead of processing"}


@sees_red("commit regression")
def test_a_consumer_that_takes_a_commit_back(trial: Trial) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(COUNT)
    consumer.commit()
    consumer.commit(5)
    consumer.commit()
    assert found(topic, consumer) == {"commit regression"}


@sees_red("final commit")
def test_a_group_whose_offsets_somebody_moved(trial: Trial) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(COUNT)
    consumer.commit()
    session = consumer.close()
    commit_offset(topic.bootstrap, topic.group, topic.name, 3)
    assert red(check_delivery(topic.history(topic.read_by(session)))) == {"final commit"}


@sees_red("received", "unseen")
def test_a_consumer_that_stops_half_way(trial: Trial) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(COUNT // 2)
    consumer.commit()
    history = topic.history(topic.read_by(consumer.close()))
    assert red(check_delivery(history)) == {"unseen"}
    assert red([received(history, COUNT)]) == {"received"}


@sees_red("unexpected rebalance")
def test_a_stranger_in_the_group(trial: Trial) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(COUNT)
    consumer.commit()
    stranger = topic.consumer("stranger")
    consumer.until(lambda: consumer.assigned > 1, stranger)
    stranger.close()
    assert "unexpected rebalance" in found(topic, consumer)


def both(topic: Topic) -> tuple[CarelessConsumer, CarelessConsumer]:
    """Two members of the group, who share what comes."""
    first, second = topic.consumer("first"), topic.consumer("second")
    first.until(lambda: first.assigned >= 1 <= second.assigned, second)
    topic.fill(partitions=topic.partitions)
    first.until(lambda: first.count + second.count >= COUNT, second)
    return first, second


@sees_red("group cross-talk", "unseen")
def test_two_groups_that_are_one(trial: Trial) -> None:
    topic = Topic(trial)
    first, second = both(topic)
    groups = [topic.read_by(each.close(), name=each.name) for each in (first, second)]
    assert {"group cross-talk", "unseen"} <= red(check_delivery(topic.history(*groups)))


@sees_red("divided among members")
def test_two_consumers_and_one_partition(trial: Trial) -> None:
    topic = Topic(trial, partitions="1")
    group = topic.read_by(*(each.close() for each in both(topic)))
    assert red([divided(topic.history(group))]) == {"divided among members"}


@sees_red("resumed", "redelivery bound", "consumer restart time")
def test_a_consumer_that_begins_again(trial: Trial) -> None:
    topic = Topic(trial).fill()
    before = topic.consumer()
    before.read(COUNT // 2)
    before.commit()
    first = before.close()
    committed = trial.broker.committed(topic.group, topic.name)
    after = topic.consumer(resumes_from=committed, from_beginning=True)
    after.read(COUNT)
    history = topic.history(topic.read_by(first, after.close()))
    checks = (
        resumed(history),
        redelivery_bound(history, 500, 5.0),
        consumer_restart(history, 0.001),
    )
    assert red(checks) == {"resumed", "redelivery bound", "consumer restart time"}


def freeze(broker: BrokerControl) -> tuple[int, int]:
    """The broker stands still for a moment: from when to when."""
    began = clock.now_ns()
    broker.pause()
    try:
        clock.pause(timedelta(milliseconds=500))
    finally:
        broker.resume()
    return began, clock.now_ns()


@sees_red("stuck after heal")
def test_a_consumer_that_does_not_go_on(stack: SabotagedStack, trial: Trial) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(5)
    consumer.commit()
    frozen = freeze(stack.broker())
    history = topic.history(topic.read_by(consumer.close()), disturbances=(frozen,))
    assert red(check_delivery(history)) == {"stuck after heal", "unseen"}


@sees_red("place kept")
def test_a_consumer_that_goes_on_elsewhere(stack: SabotagedStack, trial: Trial) -> None:
    topic = Topic(trial).fill()
    consumer = topic.consumer()
    consumer.read(5)
    consumer.commit()
    frozen = freeze(stack.broker())
    consumer.seek(10)
    consumer.read(5 + COUNT - 10)
    consumer.commit()
    history = topic.history(topic.read_by(consumer.close()), disturbances=(frozen,))
    assert red([place_kept(history)]) == {"place kept"}
