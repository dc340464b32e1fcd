"""What a broker's own log proves about its start."""

from __future__ import annotations

import re
from datetime import datetime

_STAMP = re.compile(r"^\[?(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)[.,](\d{3})\b")
"""Levels of log4j 1 and 2, in brackets or without."""

REFUSED = "DUPLICATE_BROKER_REGISTRATION"
REGISTERED = "Successfully registered broker"


def lease_wait_s(log: str) -> float | None:
    """Seconds between the first refused registration and the successful one; None without.

    The controller refuses a broker's id while the lease of its former self still runs.
    """
    refused = registered = None
    for line in log.splitlines():
        stamp = _STAMP.match(line)
        if stamp is None:
            continue
        moment = datetime.fromisoformat(f"{stamp[1]} {stamp[2]}.{stamp[3]}")
        if REFUSED in line and refused is None:
            refused = moment
        if REGISTERED in line and refused is not None:
            registered = moment
    if refused is None or registered is None:
        return None
    return (registered - refused).total_seconds()
