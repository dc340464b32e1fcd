"""Captured tables of a scenario: the connector, a writer of changes, and a reader of events."""

from __future__ import annotations

from collections.abc import Mapping

from support import clock
from support.errors import Inconclusive
from support.experiment.cdc_arriving import Arriving
from support.experiment.cdc_writing import write_for
from support.experiment.experiment import Experiment
from support.experiment.pipeline import Pipeline
from support.generate.row_writer import RowWriter
from support.generate.tables import COLUMNS, SEED_ROWS
from support.record.capture import CAPTURE, CaptureRecord
from support.stack.isolated import IsolatedWorker
from support.waiting import wait_until

RATE_PER_S = 50
"""Transactions; about 90 row changes a second."""
SEEDED = SEED_ROWS * len(COLUMNS)
FIRST_ID = 1_000_000
"""Rows that the writer makes have ids from here on; rows that exist before it have lower ones."""

JSON = "org.apache.kafka.connect.json.JsonConverter"
WRAPPED = {
    f"{part}.converter{key}": value
    for part in ("key", "value")
    for key, value in (("", JSON), (".schemas.enable", "true"))
}
"""Settings of a connector whose events carry their schema."""


class Capture:
    """Starts a connector, then lets changes be written and watches their events arrive."""

    def __init__(self, experiment: Experiment, worker: IsolatedWorker | None = None) -> None:
        """`worker` runs the connector instead of the stack's own worker."""
        self.experiment = experiment
        self.pipeline = Pipeline(experiment, worker)
        self.full_identity = True
        self.began_lsn = 0
        """End of the write-ahead log before the first change that has to arrive."""
        self.writer = RowWriter(
            self.pipeline.conninfo,
            self.pipeline.name,
            experiment.settings.seed,
            RATE_PER_S,
            FIRST_ID,
        )
        self._extra: Mapping[str, str] = {}
        self._arriving: Arriving | None = None

    @property
    def arriving(self) -> Arriving:
        """The reader of events. Raises Inconclusive before the connector was started."""
        if self._arriving is None:
            raise Inconclusive("No reader watched for events: the connector was not started.")
        return self._arriving

    def use_default_identity(self, *, wrapped: bool) -> None:
        """Uses REPLICA IDENTITY DEFAULT; events are `wrapped` with their schema, or bare."""
        self.full_identity, self._extra = False, WRAPPED if wrapped else {}

    def start(self) -> None:
        """Starts the connector, and waits until it streams after its snapshot of the seed rows."""
        self.create_tables(SEEDED)
        with self.experiment.progress.phase("starting the connector"):
            self.register()
            # One event is enough: the checks find a connector that leaves a table out.
            self.await_stored(1, "the seed rows' snapshot")
            minute = self.experiment.patience(60)
            wait_until(self.pipeline.reader_pid, bool, minute, "the connector to stream")
        self.began_lsn = self.pipeline.written_lsn()

    def start_changes(self) -> None:
        """Starts the connector and the writer, and waits for the first change in Kafka."""
        self.start()
        self.start_writer()

    def start_writer(self) -> None:
        """Starts the writer of a connector that streams, and waits for its first change."""
        before = self.pipeline.stored()
        self.writer.start()
        with self.experiment.progress.phase("waiting for the first change to arrive"):
            self.await_stored(before + 1, "the first change")

    def create_tables(self, rows_before: int | None) -> None:
        """Creates the tables with their seed rows.

        `rows_before`: how many rows the first snapshot has to show; None where they change.
        """
        self.pipeline.create_tables()
        if not self.full_identity:
            self.pipeline.use_default_identity()
        self.experiment.cleanup.callback(self.writer.stop)
        began = CaptureRecord(clock.now_ns(), rows_before)
        self.experiment.record.write(CAPTURE, began)

    def register(self) -> None:
        """Starts the connector; the reader starts before it can send anything."""
        self.pipeline.create_topics()
        self._arriving = Arriving(self.experiment, self.pipeline)
        self.pipeline.change(self._extra)

    def await_stored(self, count: int, what: str) -> None:
        """Waits until `count` events are stored, or the writer has ended."""
        within = self.experiment.patience(120)
        self.pipeline.await_events(count, within, what, lambda: self.writer.ended)

    def write_for(self, seconds: float) -> None:
        """Lets the writer write for `seconds`, and looks at the tables' columns meanwhile."""
        write_for(self.experiment, self.writer, seconds, self.pipeline.captured.watch)
