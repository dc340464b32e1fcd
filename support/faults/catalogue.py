"""The words of the features for what can be broken."""

from __future__ import annotations

from datetime import timedelta

from support.faults.broker_pause import BrokerPause
from support.faults.broker_restart import BrokerRestart
from support.faults.capture_restart import CaptureRestart, How
from support.faults.consumer_restart import ConsumerRestart
from support.faults.controller_loss import ControllerLoss, Loss
from support.faults.disk_full import DiskFull
from support.faults.network_cut import NetworkCut
from support.faults.network_loss import NetworkLoss

PATIENCE = timedelta(minutes=2)
HOLD = timedelta(seconds=10)
"""Spec, delivery scenario 3."""
AFTER_CRASH = timedelta(seconds=16)
"""The session lease of a broker that is its own controller, and a start."""

BrokerFault = BrokerRestart | BrokerPause | NetworkCut | NetworkLoss | ControllerLoss | DiskFull

FAULTS: dict[str, BrokerFault] = {
    "a graceful restart": BrokerRestart(crash=False, patience=PATIENCE),
    "a crash (SIGKILL) and restart": BrokerRestart(
        crash=True, patience=PATIENCE, lasts=AFTER_CRASH
    ),
    "two graceful restarts in a row": BrokerRestart(
        crash=False, patience=PATIENCE, lasts=timedelta(seconds=9), times=2
    ),
    "a crash and another one during its recovery": BrokerRestart(
        crash=True, patience=PATIENCE, lasts=AFTER_CRASH, crash_again=True
    ),
    "a pause of 10 seconds": BrokerPause(HOLD, PATIENCE),
    "a loss of its network for 10 seconds": NetworkLoss(HOLD, PATIENCE),
    "a cut of both directions for 10 seconds": NetworkCut(True, True, HOLD, PATIENCE),
    "a cut of the responses for 10 seconds": NetworkCut(False, True, HOLD, PATIENCE),
}

AWAY = timedelta(seconds=15)
"""Longer than the lease of a broker that its controller does not hear of (9 s)."""

CONTROLLER_LOSSES: dict[str, ControllerLoss] = {
    "a crash (SIGKILL) of the controller for 15 seconds": ControllerLoss(Loss.CRASH, AWAY),
    "a stop (SIGTERM) of the controller for 15 seconds": ControllerLoss(Loss.STOP, AWAY),
    "a pause of the controller for 15 seconds": ControllerLoss(Loss.PAUSE, AWAY),
    "a restart of the broker while the controller is away": ControllerLoss(
        Loss.CRASH, AWAY, lasts=timedelta(seconds=35), and_broker=True
    ),
}

FULL_DISKS: dict[str, DiskFull] = {
    "the load itself": DiskFull(by_load=True, patience=PATIENCE),
    "another tenant's file": DiskFull(by_load=False, patience=PATIENCE),
}

CAPTURE_RESTARTS: dict[str, CaptureRestart] = {
    "a restart of the connector": CaptureRestart(How.CONNECTOR, PATIENCE),
    "a restart of its task": CaptureRestart(How.TASK, PATIENCE),
    "a graceful restart of the Connect worker": CaptureRestart(How.WORKER, PATIENCE),
    "a crash (SIGKILL) of the Connect worker": CaptureRestart(How.WORKER_CRASH, PATIENCE),
    "an absence of the Connect worker for 20 seconds": CaptureRestart(
        How.WORKER, PATIENCE, timedelta(seconds=20)
    ),
    "a graceful restart of PostgreSQL": CaptureRestart(How.DATABASE, PATIENCE),
    "a crash (SIGKILL) of PostgreSQL": CaptureRestart(How.DATABASE_CRASH, PATIENCE),
}

RESTARTS: dict[str, ConsumerRestart] = {
    "a clean close and restart": ConsumerRestart(crash=False),
    "a crash (SIGKILL) and restart as a static member": ConsumerRestart(crash=True, static=True),
    "a crash (SIGKILL) and restart as a dynamic member": ConsumerRestart(crash=True),
}
