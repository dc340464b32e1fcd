"""The order of a load: what the generator's process is started with."""

from __future__ import annotations

from support.clients.kafka_address import KafkaAddress
from support.experiment.experiment import Experiment
from support.generate.payload import LARGEST, SMALLEST
from support.record.load import LoadOrder, WarmUp
from support.record.schedule import Segment


def load_order(
    experiment: Experiment,
    kafka: KafkaAddress,
    topic: str,
    segments: tuple[Segment, ...],
    warm_up: WarmUp | None = None,
    folder: str = "load",
    first: int = 0,
) -> LoadOrder:
    """Returns the order of a load with the baseline's producer.

    The generator writes its columns to `folder` in the scenario's folder; `first` is the id of
    its first record.
    """
    settings = experiment.settings
    return LoadOrder(
        bootstrap=kafka.bootstrap,
        security=kafka.security,
        topic=topic,
        producer=experiment.stack.baseline.producer,
        segments=segments,
        seed=settings.seed,
        sizes=(SMALLEST, LARGEST),
        folder=str(experiment.folder / folder),
        warm_up=warm_up,
        disk_folder=str(settings.home),
        stop_free_disk=int(settings.stop_free_disk),
        first=first,
        sampled=experiment.sampled,
    )
