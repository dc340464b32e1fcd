"""Damages a stored batch on disk, as a failing disk does."""

from __future__ import annotations

from pathlib import Path

HEADER = 61
"""Size of a batch's header in bytes; the records follow."""


def batches(log: bytes) -> list[tuple[int, int]]:
    """Returns the position and the length of every batch of a segment, in bytes."""
    found, at = [], 0
    while at + HEADER < len(log):
        length = 12 + int.from_bytes(log[at + 8 : at + 12], "big")
        if length <= 12:
            break
        found.append((at, length))
        at += length
    return found


def flip_a_byte(segment: Path, share: float = 0.5, into: int = HEADER + 40) -> int:
    """Flips bits of one byte of the batch at this share of a segment; returns the base offset."""
    log = segment.read_bytes()
    found = batches(log)
    at, _ = found[int(len(found) * share)]
    with segment.open("r+b") as file:
        file.seek(at + into)
        file.write(bytes([log[at + into] ^ 0x55]))
    return int.from_bytes(log[at : at + 8], "big")
