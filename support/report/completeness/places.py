"""Where the documents show each recorded figure: field of run.json -> place in its part.

Written by hand and independent of the code that writes the documents: a figure that moves or gets
another name has to be changed here, too, and a recorded figure without a place fails a test.
`*` in a path stands for a key, or for the position in a list, from 1. In a place, `{0}` is replaced
by what the first `*` stands for, and `{tool}` by the field `tool` of the same record.
"""

from __future__ import annotations

from collections.abc import Mapping

from support.report.completeness.failure_places import CHANGES, DELIVERY
from support.report.completeness.load_places import INSIDE, LOAD, PARTS, TABLES
from support.report.completeness.place import Place

PLACES: Mapping[str, Place] = {
    **LOAD,
    **INSIDE,
    **PARTS,
    **DELIVERY,
    **CHANGES,
    **TABLES,
}
"""Places in the part of a document that is about one scenario."""

UPGRADE = "shown in upgrade.md"

NOT_SHOWN: Mapping[str, str] = {
    "duration_s": "shown on the terminal",
    "series.*.*": "drawn in the latency chart",
    "lag.at_s.*": "drawn in the lag chart",
    "lag.partitions.*.*": "drawn in the lag chart",
    "resources.*.at_s.*": "drawn in the resources chart",
    "resources.*.memory_series.*": "drawn in the resources chart",
    "resources.*.cpu_series.*": "drawn in the resources chart",
    "resources.*.disk_series.*": "drawn in the resources chart",
    "jmx.handler_idle_min": "shown as a share of the meter's full scale",
    "jmx.handler_idle_full": "shown as a share of the meter's full scale",
    "delivery.loss_upper_bound_95": "shown for a load without a fault only",
    "upgrade.producer_stall_s": UPGRADE,
    "upgrade.consumer_stall_s": UPGRADE,
    "upgrade.cdc_stall_s": UPGRADE,
    "upgrade.startup_s": UPGRADE,
    "checks.*.limit.value": "shown in words, as what was expected",
}
"""Field -> why it has no place."""
