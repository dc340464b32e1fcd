"""Lets a consumer group fall far behind, and catch up."""

from __future__ import annotations

from datetime import timedelta

from support import clock
from support.clients.kafka_ui import KafkaUi
from support.errors import Inconclusive, NotInTime, StackError, Unavailable
from support.experiment.experiment import Experiment
from support.experiment.faulted_load import CALM_RATE_PER_S
from support.experiment.in_force import cdc_topics
from support.experiment.load import Load
from support.experiment.restarted_consumer import PROCESSING_MS
from support.experiment.team import team_of, unsent
from support.experiment.topic_load import loads_of
from support.metrics.lag import LagWatch, read_lag
from support.promises.lag import LAG_CAUGHT_UP, LAG_NEVER_NEGATIVE, LAG_REACHED
from support.read.consumer import GroupConsumer
from support.record.attempts import Outcome
from support.record.lag import (
    KAFKA_UI,
    LAG,
    RETENTION_SETTINGS,
    KafkaUiRecord,
    LagRecord,
    RetentionSettings,
)
from support.record.notes import NOTES
from support.record.schedule import UNPACED, Segment
from support.stack.capabilities import UserInterface
from support.waiting import wait_until

LEAST_LAG = 20_000
CALM_RECORDS = 2 * CALM_RATE_PER_S
SURPLUS = 1.1
LEAST_SURPLUS = 2000
"""How much more than the wanted lag is written: the slow consumer reads meanwhile."""
REMEDY = (
    "Remedy: alert on the lag and on its growth, set retention.ms above the longest outage of a "
    "consumer and retention.bytes above what is written in that time, and add partitions and "
    "consumers where the catch-up rate is too low.",
)
UI_REFRESH_S = 60
"""Kafka UI reads the state of its cluster every 30 s, and the lag of a group at once (kafbat 1.0 to
1.5): twice the first is waited for."""


class LaggingGroup:
    """Reads slowly while records are written fast, then reads at full speed."""

    def __init__(self, experiment: Experiment) -> None:
        self.load = Load(experiment)
        self._experiment = experiment
        self._ui: KafkaUi | None = None

    def fall_behind(self, count: int) -> LagWatch:
        """Sends until the group is `count` (scaled) records behind, and returns the lag's watch.

        Raises Inconclusive if the group never falls that far behind.
        """
        experiment, load = self._experiment, self.load
        wanted = self._wanted(count)
        reader = self._start_reader()
        watch = LagWatch(load.kafka, reader.group, load.topic)
        experiment.cleanup.callback(watch.stop)
        # Slowly first: a partition without a committed offset has no lag yet.
        calm = Segment(CALM_RATE_PER_S, CALM_RECORDS)
        load.start((calm, Segment(UNPACED, int(wanted * SURPLUS) + LEAST_SURPLUS)))
        load.follow("the group falls behind", load.running.finished, 120)
        try:
            wait_until(
                lambda: max((point.total or 0 for point in watch.points), default=0),
                lambda lag: lag >= wanted,
                experiment.patience(10),
                f"a lag of {wanted} records",
            )
        except NotInTime as error:
            raise Inconclusive("The group did not fall behind.", seen=str(error)) from error
        return watch

    def fall_behind_and_catch_up(self, count: int) -> None:
        """Lets the group read at full speed once it is `count` (scaled) records behind."""
        watch, record = self.fall_behind(count), self._experiment.record
        let_go_ns = clock.now_ns()
        self.load.readers.slower("reader", 0.0)
        history = self.load.settle()
        written = history.attempts.count(Outcome.ACKED)
        record.write(LAG, LagRecord(watch.stop(), self._wanted(count), let_go_ns, written))
        record.write(NOTES, REMEDY)
        self._experiment.verdicts.judge(LAG_REACHED, LAG_NEVER_NEGATIVE, LAG_CAUGHT_UP)

    def use_ui(self) -> None:
        """Finds Kafka UI. Raises Unavailable, with the remedy, on a stack without one."""
        stack = self._experiment.stack
        if not isinstance(stack, UserInterface):
            raise Unavailable("This target has no Kafka UI.")
        self._ui = KafkaUi(stack.kafka_ui())

    def compare_with_ui(self) -> None:
        """Stops the group, and records the lag that Kafka and Kafka UI report."""
        experiment, reader, topic = self._experiment, self.load.readers["reader"], self.load.topic
        reader.leave()
        ours = read_lag(experiment.broker, reader.group, topic).partitions
        with experiment.progress.phase("asking Kafka UI"):
            theirs = self._shown(reader.group, topic, ours)
        experiment.record.write(KAFKA_UI, KafkaUiRecord(ours, theirs))

    def record_retention_settings(self) -> None:
        """Records the settings of the CDC topics; on a stack of others their load as well."""
        experiment = self._experiment
        topics, loads = cdc_topics(experiment), None
        not_known: tuple[str, ...] = ()
        if experiment.stack.shared:
            team = team_of(experiment.stack)
            missing = unsent(team, experiment.broker.topics())
            not_known = (*team.unmapped, *team.doubts, *missing)
            with experiment.progress.phase("measuring the load of the CDC topics"):
                loads = loads_of(experiment, topics)
        experiment.record.write(RETENTION_SETTINGS, RetentionSettings(topics, loads, not_known))

    def _shown(self, group: str, topic: str, ours: object) -> dict[int, int | None]:
        """Returns the lag that Kafka UI shows, after waiting for it to show `ours`."""
        ui, kafka = self._ui, self._experiment.stack.endpoints.kafka
        if ui is None:
            raise Inconclusive("Kafka UI was not found.")

        def shown() -> dict[int, int | None]:
            # A group may read other topics as well, with partitions of the same numbers.
            found = ui.group_lag(kafka, group)
            return {number: lag for (name, number), lag in found.items() if name == topic}

        try:
            return wait_until(
                shown,
                lambda seen: seen == ours,
                self._experiment.patience_at_least(UI_REFRESH_S),
                "Kafka UI to show the same lag",
                every=timedelta(seconds=1),
                tolerate=(StackError,),
            )
        except NotInTime:
            return shown()

    def _start_reader(self) -> GroupConsumer:
        reader = self.load.readers.add("reader", "reader", self.load.kafka, None, PROCESSING_MS)
        reader.start()
        reader.await_ready(self._experiment.patience(60))
        return reader

    def _wanted(self, count: int) -> int:
        return self._experiment.scaled(count, LEAST_LAG)
