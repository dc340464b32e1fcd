"""The load generator, a separate process: `python -m support.generate.generator < order.json`.

The load is open: the intended send time of a record does not depend on how late the load is. The
main thread sleeps, then spins, until that time. A second thread serves delivery reports; it blocks
in poll() without holding the interpreter lock. When a load is sent as fast as possible, the main
thread serves the reports: two threads would only wait for each other's interpreter lock.

The process ends when its standard input closes, so it never outlives the suite.
"""

from __future__ import annotations

import dataclasses
import gc
import os
import shutil
import sys
from pathlib import Path
from threading import Event, Thread

import msgspec
from confluent_kafka import KafkaException

from support import clock
from support.generate.delivery_reports import DeliveryReports
from support.generate.sender import Sender
from support.generate.warm_up import HEAD_START_NS, run_warm_up
from support.metrics.sampler import peak_rss_bytes
from support.record.load import LoadNews, LoadOrder
from support.record.schedule import all_intended_ns

DISK_CHECK_S = 0.5
OUT_OF_DISK = "less disk space is free than the load must leave"


class Generator:
    """Carries out one order: warm-up, load, and the wait for the last delivery report.

    Raises KafkaException, TypeError or ValueError when librdkafka refuses the configuration.
    """

    def __init__(self, order: LoadOrder) -> None:
        self._order = order
        self._out_of_disk, self._finished = Event(), Event()
        self._sender = Sender(order, stop=self._out_of_disk)

    def run(self) -> None:
        """Carries out the order, and publishes each phase on standard output."""
        order, sender = self._order, self._sender
        if sender.paced:
            Thread(target=sender.serve_reports, args=(self._finished,), daemon=True).start()
        Thread(target=self._watch_disk, daemon=True).start()
        _stop_garbage_collection()
        news = self._warm_up()
        full_before = sender.buffer_full
        sender.fetch_metadata(order.topic)
        reports = sender.open_reports(Path(order.folder), order.count)
        start_ns = clock.now_ns() + HEAD_START_NS
        publish(dataclasses.replace(news, phase="sending", start_ns=start_ns))
        cpu_before = sum(os.times()[:2])
        self._send(reports, start_ns)
        self._finished.set()
        publish(
            dataclasses.replace(
                news,
                phase="done",
                start_ns=start_ns,
                buffer_full=sender.buffer_full - full_before,
                cpu_s=sum(os.times()[:2]) - cpu_before,
                took_s=(clock.now_ns() - start_ns) / clock.NS_PER_S,
                peak_rss_bytes=peak_rss_bytes(),
                errors=dict(sender.errors),
                trouble=OUT_OF_DISK if self._out_of_disk.is_set() else "",
            )
        )

    def _warm_up(self) -> LoadNews:
        order = self._order
        if order.warm_up is None:
            return LoadNews("warm-up")
        folder, rate = Path(order.folder) / "warm-up", order.segments[0].rate_per_s
        return run_warm_up(self._sender, order.warm_up, rate, folder, self._out_of_disk, publish)

    def _send(self, reports: DeliveryReports, start_ns: int) -> None:
        """Sends the load and waits for its last report."""
        order, sender = self._order, self._sender
        if sender.paced:
            sender.send_paced(order.topic, reports, all_intended_ns(start_ns, order.segments))
        else:
            sender.send_unpaced(order.topic, reports, order.count, start_ns)
        sender.await_reports()

    def _watch_disk(self) -> None:
        """Stops the load once less disk space is free than it must leave."""
        while not self._finished.wait(DISK_CHECK_S):
            if shutil.disk_usage(self._order.disk_folder).free < self._order.stop_free_disk:
                self._out_of_disk.set()
                return


def publish(news: LoadNews) -> None:
    """Writes one line of JSON to standard output."""
    sys.stdout.buffer.write(msgspec.json.encode(news) + b"\n")
    sys.stdout.buffer.flush()


def _stop_garbage_collection() -> None:
    """Stops collecting cyclic garbage: a collection would delay records."""
    gc.collect()
    gc.freeze()
    gc.disable()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(3)


def main() -> int:
    """Carries out the order on standard input; 1 when the configuration is refused."""
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=LoadOrder)
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        generator = Generator(order)
    except (KafkaException, TypeError, ValueError) as error:
        publish(LoadNews("failed", trouble=f"the producer refuses its configuration: {error}"))
        return 1
    generator.run()
    return 0


if __name__ == "__main__":
    # os._exit: nothing is left to do, and a daemon thread blocked in C must not delay the end.
    code = main()
    sys.stdout.flush()
    os._exit(code)
