"""Chunks of one direction of a connection that arrive later, in their order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from queue import Queue
from random import Random
from threading import Thread

from support import clock
from support.stack.network import Latency

ROOM = 1024
"""Chunks that are on their way at most: more than 50 MB. The sender waits for room then."""


class DelayLine:
    """One thread that hands each chunk to `send` when it is due, and calls `end` after the last."""

    def __init__(self, send: Callable[[bytes], None], end: Callable[[], None], seed: int) -> None:
        self._send, self._end = send, end
        self._random = Random(seed)
        self._due_ns = 0
        self._chunks: Queue[tuple[int, bytes] | None] = Queue(ROOM)
        Thread(target=self._deliver, name="delay line", daemon=True).start()

    def put(self, data: bytes, latency: Latency | None) -> None:
        """Sends `data` after the latency, but not before the chunks that were put before it."""
        delay_ns = latency.drawn_ns(self._random) if latency else 0
        self._due_ns = max(self._due_ns, clock.now_ns() + delay_ns)
        self._chunks.put((self._due_ns, data))

    def close(self) -> None:
        """Accepts no more chunks; those that were put are still sent."""
        self._chunks.put(None)

    def _deliver(self) -> None:
        broken = False
        while (chunk := self._chunks.get()) is not None:
            due_ns, data = chunk
            # A connection that is gone must not make the sender wait for room.
            if not broken:
                clock.pause(timedelta(seconds=(due_ns - clock.now_ns()) / clock.NS_PER_S))
                try:
                    self._send(data)
                except OSError:
                    broken = True
        with suppress(OSError):
            self._end()
