"""A consumer group that falls far behind, and catches up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from support import clock
from support.checks.kafka_ui import same_lag
from support.checks.lag import caught_up, lag_reached
from support.checks.retention_time import retention_settings
from support.clients.kafka_ui import KafkaUi
from support.errors import Inconclusive, NotInTime, StackError, Unavailable
from support.experiment.delivery_trial import PROCESSING_MS, DeliveryTrial
from support.experiment.experiment import Trial
from support.experiment.fault_trial import CALM_RATE_PER_S
from support.experiment.in_force import cdc_topics
from support.experiment.topic_load import loads_of
from support.generate.schedule import UNPACED, Segment
from support.metrics.lag import LagPoint, LagWatch, read_lag
from support.record.attempts import Outcome
from support.results.measurements import LagFigures
from support.stack.capabilities import UserInterface
from support.waiting import wait_until

LEAST_LAG = 20_000
CALM_RECORDS = 2 * CALM_RATE_PER_S
SURPLUS = 1.1
LEAST_SURPLUS = 2000
"""So much more is written, because the slow consumer reads along."""
NOTES = (
    "Remedy: alert on the lag and on its growth, keep retention.ms above the longest outage of a "
    "consumer and retention.bytes above what comes in that time, and more partitions and consumers "
    "where the catch-up rate is too low.",
)
UI_REFRESH_S = 60
"""Kafka UI scrapes its cluster every 30 s."""


class LagTrial(DeliveryTrial):
    """The group reads slowly while records come fast; then it is let go."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self._watch: LagWatch | None = None
        self._wanted, self._let_go_ns = 0, 0

    def fall_behind(self, count: int) -> None:
        """Until the group is `count` (scaled) records behind. Raises Inconclusive if never."""
        trial = self._trial
        self._wanted = wanted = trial.scaled(count, LEAST_LAG)
        reader = self._readers.add("reader", "reader", self._bootstrap, None, PROCESSING_MS)
        reader.start()
        reader.await_ready(trial.patience(60))
        self._watch = watch = LagWatch(self._bootstrap, reader.group, self._topic)
        trial.cleanup.callback(watch.stop)
        # Calmly first: a partition in which the group has not committed yet has no lag at all.
        calm = Segment(CALM_RATE_PER_S, CALM_RECORDS)
        self._start((calm, Segment(UNPACED, int(wanted * SURPLUS) + LEAST_SURPLUS)), None)
        self._await("the group falls behind", self._running().finished, 120)
        try:
            wait_until(
                lambda: max((point.total or 0 for point in watch.points), default=0),
                lambda lag: lag >= wanted,
                trial.patience(10),
                f"a lag of {wanted} records",
            )
        except NotInTime as error:
            raise Inconclusive("The group did not fall behind.", seen=str(error)) from error

    def catch_up(self) -> None:
        """Let the group read as fast as it can."""
        self._let_go_ns = clock.now_ns()
        self._readers.slower("reader", 0.0)

    def settle(self) -> None:
        super().settle()
        if self._watch is None:
            return
        points, written = self._watch.stop(), self._attempts().count(Outcome.ACKED)
        up = caught_up(points, self._let_go_ns, written)
        self._trial.judge(lag_reached(points, self._wanted), up)
        caught_up_s = up.measured if isinstance(up.measured, float) else None
        self._trial.facts |= {"lag": lag_figures(points, caught_up_s), "notes": NOTES}

    def judge_retention_settings(self) -> None:
        """Whether the CDC topics keep what a group has not read yet for seven days."""
        topics = cdc_topics(self._trial)
        loads = None
        if self._trial.stack.shared:
            with self._trial.progress.phase("measuring the load of the CDC topics"):
                loads = loads_of(self._trial, topics)
        self._trial.judge(retention_settings(topics, loads))

    def with_ui(self) -> LagTrial:
        """Itself, with a Kafka UI. Raises Unavailable without one, and says how to have one."""
        stack = self._trial.stack
        if not isinstance(stack, UserInterface):
            raise Unavailable("This target has no Kafka UI.")
        self._ui = KafkaUi(stack.kafka_ui())
        return self

    def compare_with_ui(self) -> None:
        """The group stops where it is; Kafka UI and Kafka are asked for its lag."""
        trial, reader, ui = self._trial, self._readers["reader"], self._ui
        reader.leave()
        ours = read_lag(trial.broker, reader.group, self._topic)
        with trial.progress.phase("asking Kafka UI"):
            try:
                theirs = wait_until(
                    lambda: ui.group_lag(trial.stack.endpoints.bootstrap, reader.group),
                    lambda seen: seen == ours.partitions,
                    trial.patience_at_least(UI_REFRESH_S),
                    "Kafka UI to show the same lag",
                    every=timedelta(seconds=1),
                    tolerate=(StackError,),
                )
            except NotInTime:
                theirs = ui.group_lag(trial.stack.endpoints.bootstrap, reader.group)
        trial.judge(same_lag(ours.partitions, theirs))


def lag_figures(points: Sequence[LagPoint], caught_up_s: float | None) -> LagFigures:
    """As they are recorded."""
    origin = points[0].at_ns if points else 0
    partitions = sorted({partition for point in points for partition in point.partitions})
    return LagFigures(
        peak=max((point.total or 0 for point in points), default=0),
        caught_up_s=caught_up_s,
        at_s=tuple(round((point.at_ns - origin) / clock.NS_PER_S, 2) for point in points),
        partitions={
            str(partition): tuple(point.partitions.get(partition) for point in points)
            for partition in partitions
        },
    )
