"""Runs a load in a separate process and follows its progress."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Thread

import msgspec
import numpy as np

from support.errors import Inconclusive, SettingsError
from support.record.attempts import Attempts, Outcome
from support.record.load import LoadNews, LoadOrder
from support.settings import ROOT, environment_for_children
from support.waiting import wait_until

GONE_S = 30
"""Seconds to wait for the end of a process that was killed."""


def run_load(order: LoadOrder, within: timedelta) -> RunningLoad:
    """Runs a load to its last delivery report; the generator has ended afterwards.

    Raises what RunningLoad.finished() raises, and NotInTime when it takes longer than `within`.
    """
    load = RunningLoad(order)
    try:
        wait_until(load.finished, bool, within, f"the load on {order.topic} to finish")
    finally:
        load.close()
    return load


class RunningLoad:
    """A load generator that runs from creation to close(), which must be called."""

    def __init__(self, order: LoadOrder) -> None:
        self.order = order
        self.news = LoadNews("starting")
        self._errors = Path(order.folder) / "generator.err"
        Path(order.folder).mkdir(parents=True, exist_ok=True)
        with self._errors.open("wb") as errors:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "support.generate.generator"],
                cwd=ROOT,
                env=environment_for_children({}),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        assert self._child.stdin is not None
        self._child.stdin.write(msgspec.json.encode(order) + b"\n")
        self._child.stdin.flush()
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        """Process id of the generator."""
        return self._child.pid

    def started(self) -> bool:
        """Whether the measured part has begun, after the warm-up.

        Raises SettingsError when the producer refuses its configuration, and Inconclusive when the
        generator died or ran out of disk space.
        """
        return self._news_or_trouble().phase in ("sending", "done")

    def attempts(self) -> Attempts:
        """Returns the attempts so far; the arrays keep changing while the load runs."""
        return Attempts.open(Path(self.order.folder))

    def sent(self) -> int:
        """Returns how many records were handed to the producer; 0 during the warm-up."""
        if self.news.phase not in ("sending", "done"):
            return 0
        return int(np.count_nonzero(self.attempts().outcome != Outcome.NOT_SENT))

    def acked(self) -> int:
        """Returns how many records were acknowledged; 0 during the warm-up."""
        return self.attempts().count(Outcome.ACKED) if self.sent() else 0

    def how_far(self) -> str:
        """Returns the progress in words: records sent, or the p95 of each warm-up window."""
        if self.news.phase in ("sending", "done"):
            return f"{self.sent()} of {self.order.count} sent"
        p95s = ", ".join(f"{p95:.0f}" for p95 in self.news.window_p95_ms)
        return f"p95 by window {p95s} ms" if p95s else "just begun"

    def finished(self) -> bool:
        """Whether every record has its delivery report. Raises as started() does."""
        return self._news_or_trouble().phase == "done"

    def kill(self) -> None:
        """Crashes the producer with SIGKILL; the attempts that it recorded stay on disk."""
        self._child.kill()
        self._child.wait(GONE_S)
        self._listener.join(5)

    def close(self) -> None:
        """Ends the generator if it still runs, and waits for it."""
        assert self._child.stdin is not None
        self._child.stdin.close()
        try:
            self._child.wait(5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(GONE_S)
        self._listener.join(5)

    def _news_or_trouble(self) -> LoadNews:
        news = self.news
        if news.phase == "failed":
            raise SettingsError(
                "The load could not start.",
                seen=news.trouble,
                cause="a line in baseline/producer.properties or a -D producer.KEY override",
            )
        if news.phase == "done" and news.trouble:
            raise Inconclusive(
                "The load was stopped before its end.",
                seen=news.trouble,
                then="free some disk space; the floor is -D stop_free_disk",
            )
        if (
            news.phase != "done"
            and self._child.poll() is not None
            and not self._listener.is_alive()
        ):
            raise Inconclusive(
                "The load generator ended before its load did.",
                seen=f"exit code {self._child.returncode}; "
                + self._errors.read_text(errors="replace")[-1500:],
            )
        return news

    def _listen(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self.news = msgspec.json.decode(line, type=LoadNews)
