"""Damages a stored batch on disk while its broker is down, as a failing disk does."""

from __future__ import annotations

from pathlib import Path

HEADER = 61
"""Bytes of a batch's header; the records follow."""


def batches(log: bytes) -> list[tuple[int, int]]:
    """Beginning and length of every batch of a segment."""
    found, at = [], 0
    while at + HEADER < len(log):
        length = 12 + int.from_bytes(log[at + 8 : at + 12], "big")
        if length <= 12:
            break
        found.append((at, length))
        at += length
    return found


def flip_a_byte(segment: Path, share: float = 0.5, into: int = HEADER + 40) -> int:
    """Change one byte of the batch that stands at this share of a segment; its base offset."""
    log = segment.read_bytes()
    found = batches(log)
    at, _ = found[int(len(found) * share)]
    with segment.open("r+b") as file:
        file.seek(at + into)
        file.write(bytes([log[at + into] ^ 0x55]))
    return int.from_bytes(log[at : at + 8], "big")
