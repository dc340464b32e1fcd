"""Maps each clause of the features that names a fault to that fault."""

from __future__ import annotations

import re
from datetime import timedelta

from support.faults.broker_pause import BrokerPause
from support.faults.broker_restart import BrokerRestart
from support.faults.broker_upgrade import BrokerUpgrade, FinalisedUpgrade
from support.faults.capture_restart import CaptureRestart, How
from support.faults.consumer_restart import ConsumerRestart
from support.faults.controller_loss import ControllerLoss, Loss
from support.faults.disk_full import DiskFull
from support.faults.fault import AnyFault
from support.faults.network_cut import NetworkCut
from support.faults.network_latency import NetworkLatency
from support.faults.network_loss import NetworkLoss
from support.stack.isolated import Version
from support.stack.network import Latency

PATIENCE = timedelta(minutes=2)
HOLD = timedelta(seconds=10)
"""Spec, delivery scenario 3."""
AFTER_CRASH = timedelta(seconds=16)
"""The session timeout of a broker that is its own controller (9 s), and a start."""

FAULTS: dict[str, AnyFault] = {
    "broker restarts gracefully": BrokerRestart(crash=False, patience=PATIENCE),
    "broker crashes (SIGKILL) and restarts": BrokerRestart(
        crash=True, patience=PATIENCE, lasts=AFTER_CRASH
    ),
    "broker restarts gracefully twice in a row": BrokerRestart(
        crash=False, patience=PATIENCE, lasts=timedelta(seconds=9), times=2
    ),
    "broker crashes (SIGKILL) and crashes again during its recovery": BrokerRestart(
        crash=True, patience=PATIENCE, lasts=AFTER_CRASH, crash_again=True
    ),
    "broker is paused for 10 seconds": BrokerPause(HOLD, PATIENCE),
    "broker is disconnected from its networks for 10 seconds": NetworkLoss(HOLD, PATIENCE),
    "network is cut in both directions for 10 seconds": NetworkCut(True, True, HOLD, PATIENCE),
    "network drops all responses for 10 seconds": NetworkCut(False, True, HOLD, PATIENCE),
}

LATENCY = r"network latency is \d+ ms \+/- \d+ ms for \d+ seconds"
"""A pattern: its numbers are free. The latency is that of each direction."""


def latency_of(phrase: str) -> NetworkLatency:
    """The fault of a phrase that LATENCY matches."""
    mean, jitter, hold = map(int, re.findall(r"\d+", phrase))
    latency = Latency(timedelta(milliseconds=mean), timedelta(milliseconds=jitter))
    return NetworkLatency(latency, timedelta(seconds=hold), PATIENCE)


AWAY = timedelta(seconds=15)
"""Longer than the session timeout of a broker (9 s)."""
DECIDES_WITHIN = timedelta(seconds=90)

CONTROLLER_LOSSES: dict[str, ControllerLoss] = {
    "the controller crashes (SIGKILL) and is down for 15 seconds": ControllerLoss(
        Loss.CRASH, AWAY, DECIDES_WITHIN
    ),
    "the controller stops (SIGTERM) and is down for 15 seconds": ControllerLoss(
        Loss.STOP, AWAY, DECIDES_WITHIN
    ),
    "the controller is paused for 15 seconds": ControllerLoss(Loss.PAUSE, AWAY, DECIDES_WITHIN),
    "broker crashes (SIGKILL) and restarts while the controller is down": ControllerLoss(
        Loss.CRASH, AWAY, DECIDES_WITHIN, lasts=timedelta(seconds=35), and_broker=True
    ),
}

FULL_DISKS: dict[str, DiskFull] = {
    "they fill the disk": DiskFull(by_load=True, patience=PATIENCE),
    "another file fills the disk": DiskFull(by_load=False, patience=PATIENCE),
}

CAPTURE_RESTARTS: dict[str, CaptureRestart] = {
    "the Debezium connector is restarted": CaptureRestart(How.CONNECTOR, PATIENCE),
    "the Debezium task is restarted": CaptureRestart(How.TASK, PATIENCE),
    "the Connect worker is restarted gracefully": CaptureRestart(How.WORKER, PATIENCE),
    "the Connect worker crashes (SIGKILL) and restarts": CaptureRestart(How.WORKER_CRASH, PATIENCE),
    "the Connect worker is down for 20 seconds": CaptureRestart(
        How.WORKER, PATIENCE, timedelta(seconds=20)
    ),
    "PostgreSQL is restarted gracefully": CaptureRestart(How.DATABASE, PATIENCE),
    "PostgreSQL crashes (SIGKILL) and restarts": CaptureRestart(How.DATABASE_CRASH, PATIENCE),
}

RESTARTS: dict[str, ConsumerRestart] = {
    "test consumer is closed and restarted": ConsumerRestart(crash=False),
    "test consumer with static membership crashes (SIGKILL) and restarts": ConsumerRestart(
        crash=True, static=True
    ),
    "test consumer without static membership crashes (SIGKILL) and restarts": ConsumerRestart(
        crash=True
    ),
}

BROKER_UPGRADE = BrokerUpgrade(Version.AFTER, PATIENCE)
FINALISED_UPGRADE = FinalisedUpgrade(PATIENCE)

UPGRADES: dict[str, AnyFault] = {
    "the broker is restarted in the next version": BROKER_UPGRADE,
    "metadata.version is finalised": FINALISED_UPGRADE,
    "the Connect worker and Debezium are restarted in their next versions": CaptureRestart(
        How.WORKER_UPGRADE, PATIENCE
    ),
    "the broker is restarted in the version before": BrokerUpgrade(Version.BEFORE, PATIENCE),
}

UPGRADED: dict[str, tuple[AnyFault, ...]] = {
    "in the version before": (),
    "after the broker's upgrade": (BROKER_UPGRADE,),
    "after metadata.version was finalised": (BROKER_UPGRADE, FINALISED_UPGRADE),
}
"""How far a stack is upgraded, and what leads there."""
