"""The load generator, a process of its own: `python -m support.generate.generator < order.json`.

Open loop: each record has an intended time that never moves. Sending sleeps and spins to it;
a second thread serves delivery reports, blocked in poll without holding the interpreter. A load
as fast as possible has no such thread: two would only wait for each other's interpreter lock.
It ends when its standard input closes, so it never outlives the suite.
"""

from __future__ import annotations

import dataclasses
import gc
import os
import shutil
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import msgspec
import numpy as np
from confluent_kafka import KafkaException, Producer

from support import clock
from support.clients.connection import client_config
from support.generate.order import LoadNews, LoadOrder, WarmUp
from support.generate.outcomes import RETRY_BACKOFF_MS, outcome_of
from support.generate.payload import KEY_START, payloads
from support.generate.schedule import UNPACED, Segment, all_intended_ns
from support.generate.stats import ProducerStats
from support.metrics.sampler import peak_rss_bytes
from support.metrics.summary import Stamps, percentile_ns
from support.record.attempts import AttemptColumns, Attempts, Outcome

HEAD_START_NS = 100 * clock.NS_PER_MS
NOT_IMPROVED = 0.9
"""A window whose p95 is above this share of the best so far counts as not falling any more."""
CALM_WINDOWS = 2

POLL_EVERY = 256
"""Records between two looks for delivery reports in a load as fast as possible."""

UNPACED_QUEUE = {"queue.buffering.max.kbytes": "65536"}
"""A queue that never runs empty in a load as fast as possible; a larger one only takes memory."""

OUT_OF_DISK = "less disk space is free than the load must leave"


class Generator:
    """Sends ranges of records at a rate and stamps what comes of each."""

    def __init__(self, order: LoadOrder) -> None:
        self.order = order
        self.payloads = payloads(order.seed, *order.sizes)
        self.buffer_full = 0
        self.out_of_disk = Event()
        self._finished = Event()
        self._columns: AttemptColumns | None = None
        self._stats = ProducerStats(Path(order.folder))
        self._paced = order.segments[0].rate_per_s != UNPACED
        self._errors: Counter[str] = Counter()
        self._backoff_ms = int(order.producer.get("retry.backoff.ms", RETRY_BACKOFF_MS))
        settings = {**order.producer, **self._stats.settings(), "error_cb": self._note_error}
        if not self._paced:
            settings |= UNPACED_QUEUE
        self._producer = Producer(client_config(order.bootstrap, settings))

    def run(self) -> None:
        """Warm up, send, wait for every report; tells its news on stdout."""
        order = self.order
        if self._paced:
            Thread(target=self._serve_reports, daemon=True).start()
        Thread(target=self._watch_disk, daemon=True).start()
        gc.collect()
        gc.freeze()
        gc.disable()
        news = LoadNews("warm-up")
        if order.warm_up is not None:
            news = self._warm_up(order.warm_up)
        self._learn(order.topic)
        self._columns = AttemptColumns.create(Path(order.folder), order.count)
        start = clock.now_ns() + HEAD_START_NS
        tell(dataclasses.replace(news, phase="sending", start_ns=start))
        cpu_before = sum(os.times()[:2])
        if self._paced:
            self._send(order.topic, all_intended_ns(start, order.segments))
        else:
            self._send_unpaced(order.topic, order.count, start)
        self._await_reports()
        self._finished.set()
        tell(
            dataclasses.replace(
                news,
                phase="done",
                start_ns=start,
                buffer_full=self.buffer_full,
                cpu_s=sum(os.times()[:2]) - cpu_before,
                took_s=(clock.now_ns() - start) / clock.NS_PER_S,
                peak_rss_bytes=peak_rss_bytes(),
                errors=dict(self._errors),
                trouble=OUT_OF_DISK if self.out_of_disk.is_set() else "",
            )
        )

    def _learn(self, topic: str) -> None:
        """Ask for the topic's partitions before the clock starts: otherwise the first record does,
        and all that are due in the next second wait for it (in librdkafka 2.8)."""
        with suppress(KafkaException):
            self._producer.list_topics(topic, timeout=self.order.learn_s)

    def _warm_up(self, warm_up: WarmUp) -> LoadNews:
        self._learn(warm_up.topic)
        began = clock.now_ns()
        rate = self.order.segments[0].rate_per_s
        window = (Segment(rate, max(20, int(rate * warm_up.window_s))),)
        p95s: list[float] = []
        calm = 0
        while calm < CALM_WINDOWS and not self.out_of_disk.is_set():
            folder = Path(self.order.folder) / "warm-up" / str(len(p95s))
            self._columns = AttemptColumns.create(folder, window[0].count)
            start = clock.now_ns() + HEAD_START_NS
            intended = all_intended_ns(start, window)
            self._send(warm_up.topic, intended)
            self._await_reports()
            acked = Attempts.open(folder).acked_ns
            waits = np.sort((acked - intended)[acked > 0])
            if len(waits) == 0:
                break
            p95 = percentile_ns(waits, 950) / clock.NS_PER_MS
            improved = not p95s or p95 < NOT_IMPROVED * min(p95s)
            calm = 0 if improved else calm + 1
            p95s.append(p95)
            elapsed = (clock.now_ns() - began) / clock.NS_PER_S
            tell(LoadNews("warm-up", window_p95_ms=tuple(p95s), warm_up_s=elapsed))
            if elapsed + warm_up.window_s > warm_up.longest_s:
                break
        elapsed = (clock.now_ns() - began) / clock.NS_PER_S
        self.buffer_full = 0
        return LoadNews("warm-up", window_p95_ms=tuple(p95s), warm_up_s=elapsed)

    def _send(self, topic: str, intended_ns: Stamps) -> None:
        columns, due = self._columns, memoryview(intended_ns.data)
        assert columns is not None
        sent_ns, outcome, size = columns.sent_ns, columns.outcome, columns.size
        for place in range(len(due)):
            record = place + self.order.first
            key, value = self.payloads.key(record), self.payloads.value(record)
            size[place] = len(value)
            clock.sleep_until_ns(due[place])
            if self.out_of_disk.is_set():
                return
            outcome[place] = Outcome.PENDING
            sent_ns[place] = clock.now_ns()
            self._produce(topic, place, key, value)

    def _send_unpaced(self, topic: str, count: int, start_ns: int) -> None:
        columns, sent = self._columns, self.payloads
        assert columns is not None
        clock.sleep_until_ns(start_ns)
        first = self.order.first
        for place in range(count):
            if place % POLL_EVERY == 0:
                self._producer.poll(0)
                if self.out_of_disk.is_set():
                    return
            value = sent.value(place + first)
            columns.size[place] = len(value)
            columns.outcome[place] = Outcome.PENDING
            columns.sent_ns[place] = clock.now_ns()
            self._produce(topic, place, sent.key(place + first), value)

    def _produce(self, topic: str, place: int, key: bytes, value: bytes) -> None:
        columns = self._columns
        assert columns is not None
        while True:
            try:
                self._producer.produce(topic, value, key, on_delivery=self._report)
                return
            except BufferError:
                self.buffer_full += 1
                self._producer.poll(0.005)
            except KafkaException as error:
                columns.outcome[place] = Outcome.REJECTED
                columns.error[place] = error.args[0].code()
                return

    def _report(self, error: Any, message: Any) -> None:
        """A delivery report. Must not raise: it is called from C."""
        columns = self._columns
        assert columns is not None
        place = int(message.key()[KEY_START:-1]) - self.order.first
        if error is None:
            columns.acked_ns[place] = clock.now_ns()
            columns.partition[place] = message.partition()
            offset = message.offset()
            columns.offset[place] = -1 if offset is None else offset
            columns.outcome[place] = Outcome.ACKED
        else:
            columns.error[place] = error.code()
            waited = clock.now_ns() - columns.sent_ns[place]
            columns.outcome[place] = outcome_of(error.name(), waited, self._backoff_ms)

    def _note_error(self, error: Any) -> None:
        """Must not raise: it is called from C."""
        self._errors[error.name()] += 1

    def _serve_reports(self) -> None:
        while not self._finished.is_set():
            self._producer.poll(0.05)

    def _await_reports(self) -> None:
        """Every record gets a report at the latest after message.timeout.ms."""
        while self._producer.flush(1.0) > 0:
            pass

    def _watch_disk(self) -> None:
        while not self._finished.wait(0.5):
            if shutil.disk_usage(self.order.disk_folder).free < self.order.stop_free_disk:
                self.out_of_disk.set()
                return


def tell(news: LoadNews) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(news) + b"\n")
    sys.stdout.buffer.flush()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(3)


def main() -> int:
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=LoadOrder)
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        generator = Generator(order)
    except (KafkaException, TypeError, ValueError) as error:
        tell(LoadNews("failed", trouble=f"the producer refuses its configuration: {error}"))
        return 1
    generator.run()
    return 0


if __name__ == "__main__":
    # os._exit: nothing is left to do, and a daemon thread blocked in C must not delay the end.
    code = main()
    sys.stdout.flush()
    os._exit(code)
