"""A broker whose disk was full."""

from __future__ import annotations

from dataclasses import dataclass

from support.record.section import json_section


@dataclass(frozen=True)
class DiskRecord:
    """The broker and a producer on the full disk.

    `free_bytes`: when clients noticed the fault; None where the free space was not measured.
    `error`, `waited_s`: the outcome of one record that was sent then, the name of the producer's
    error, empty when the record was acknowledged, None when none was sent. `halted`: the broker's
    process ended by itself. `resumed`: it served clients again without a restart.
    """

    free_bytes: int | None
    error: str | None
    waited_s: float
    halted: bool
    resumed: bool


DISK = json_section("disk", DiskRecord)
