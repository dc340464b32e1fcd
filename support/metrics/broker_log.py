"""Finds in a broker's log how long it waited for its registration."""

from __future__ import annotations

import re
from datetime import datetime

_STAMP = re.compile(r"^\[?(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)[.,](\d{3})\b")
"""A timestamp of log4j 1 or 2, with or without brackets."""

REFUSED = "DUPLICATE_BROKER_REGISTRATION"
REGISTERED = "Successfully registered broker"


def lease_wait_s(log: str) -> float | None:
    """Returns the seconds from the first refused registration to the last successful one.

    The controller refuses a broker's id while the session of its previous incarnation lasts.
    Returns None when no registration was refused, or none was successful afterwards.
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
