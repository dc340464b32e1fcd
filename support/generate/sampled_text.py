"""Payloads that have the sizes of sampled events, and compress as well as they do."""

from __future__ import annotations

import random
import string
import zlib
from collections.abc import Iterator
from dataclasses import replace

from support.record.sampled_payloads import SampledPayloads

BLOCK = 16
"""Length of one piece of text, which is random or constant, in characters."""
_ALPHABET = string.ascii_letters + string.digits + "-_"
_USUAL = "the same column "
_BEGINNING, _MIDDLE, _END = b'{"id":', b',"data":"', b'"}'
BARE = len(_BEGINNING) + len(_MIDDLE) + len(_END)
STEPS = 12
"""Steps of the bisection of the share of random text (precision 1/4096)."""


def templates(seed: int, sampled: SampledPayloads, id_width: int) -> Iterator[tuple[bytes, bytes]]:
    """Yields, for each size, the text before and after the record's id.

    A value has at least BARE bytes and the width of an id.
    """
    randomness = random.Random(seed)
    sizes = list(sampled.sizes)
    randomness.shuffle(sizes)
    for size in sizes:
        text = _text(randomness, max(0, size - BARE - id_width), sampled.random_share)
        yield _BEGINNING, _MIDDLE + text.encode() + _END


def calibrated(sampled: SampledPayloads, seed: int, id_width: int) -> SampledPayloads:
    """Returns the sample with the share of random text that reaches its ratio, or comes nearest."""
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        tried = replace(sampled, random_share=(low + high) / 2)
        if _ratio(tried, seed, id_width) > sampled.ratio:
            low = tried.random_share
        else:
            high = tried.random_share
    return replace(sampled, random_share=(low + high) / 2)


def compression_ratio(content: bytes) -> float:
    """Returns how many times smaller zlib (level 6) makes it: what a codec could save."""
    return len(content) / len(zlib.compress(content, 6))


def _ratio(sampled: SampledPayloads, seed: int, id_width: int) -> float:
    values = b"".join(
        (b"%*d" % (id_width, number)).join(parts)
        for number, parts in enumerate(templates(seed, sampled, id_width))
    )
    return compression_ratio(values)


def _text(randomness: random.Random, length: int, share: float) -> str:
    blocks = (
        "".join(randomness.choices(_ALPHABET, k=BLOCK)) if randomness.random() < share else _USUAL
        for _ in range(-(-length // BLOCK))
    )
    return "".join(blocks)[:length]
