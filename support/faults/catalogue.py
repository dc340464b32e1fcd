"""The words of the features for what can be broken."""

from __future__ import annotations

from datetime import timedelta

from support.faults.broker_restart import BrokerRestart

PATIENCE = timedelta(minutes=2)

FAULTS = {
    "a graceful restart": BrokerRestart(crash=False, patience=PATIENCE),
    "a crash (SIGKILL) and restart": BrokerRestart(crash=True, patience=PATIENCE),
}
