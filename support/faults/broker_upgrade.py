"""Starts the broker in another version, on a copy of its data; and finalises an upgrade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from support.clients.readiness import prove_ready
from support.errors import Inconclusive, StackError
from support.faults.fault import SystemUnderTest
from support.faults.injection import injection
from support.faults.timeline import FaultTimeline
from support.interruption import uninterrupted
from support.stack.isolated import UpgradeControl, Version
from support.stack.lifecycle import Component

REFUSED = "refused to start in"
"""Begins the proof that a broker did not start in the version before the upgrade."""
LONGEST = 300
"""Characters that are kept of a broker's error."""
REFUSES_WITHIN = timedelta(seconds=45)
"""The version before the upgrade does not read this data if it does not serve within this time."""


def upgraded(system: SystemUnderTest) -> UpgradeControl:
    """The stack of the scenario. Raises Inconclusive if it is not one that can be upgraded."""
    if not isinstance(system.stack, UpgradeControl):
        raise Inconclusive("The scenario does not run on an isolated stack with two versions.")
    return system.stack


@dataclass(frozen=True)
class BrokerUpgrade:
    """The broker is stopped gracefully, and started in another version on a copy of its data.

    It then has `patience` to serve clients. If the version before the upgrade does not serve, which
    is a result, the broker is started again in the version after it, on the data from before.
    """

    to: Version
    patience: timedelta
    lasts: timedelta = timedelta(seconds=20)
    needs: ClassVar = UpgradeControl
    breaks: ClassVar = Component.BROKER

    @property
    def name(self) -> str:
        return f"broker restarted in {self.to.value}"

    def target(self, system: SystemUnderTest) -> UpgradeControl:
        return upgraded(system)

    @contextmanager
    def injected(self, stack: UpgradeControl) -> Iterator[FaultTimeline]:
        broker = stack.broker()
        with injection(
            self.name,
            heal=lambda _: self._start(stack),
            works_again=lambda timeline: self._await(stack, timeline),
        ) as timeline:
            if not broker.stop():
                raise Inconclusive("The broker did not end gracefully: it had to be killed.")
            timeline.proven_broken()
            timeline.proofs.append(f"{broker.seen()} after SIGTERM")
            yield timeline

    def _start(self, stack: UpgradeControl) -> None:
        """Starts the broker. After an interruption it may still be ending; then it is killed."""
        broker = stack.broker()
        if broker.alive():
            broker.kill()
        stack.upgrade().use_broker(self.to)
        broker.start()

    def _await(self, stack: UpgradeControl, timeline: FaultTimeline) -> None:
        broker, back = stack.broker(), self.to is Version.BEFORE
        try:
            broker.await_ready(min(self.patience, REFUSES_WITHIN) if back else self.patience)
        except StackError as error:
            if not back:
                raise
            version, why = stack.upgrade().names(self.to)["kafka"], reason(broker.last_words())
            timeline.proofs.append(f"{REFUSED} {version}: {why or error.what}")
            with uninterrupted():
                broker.kill()
                stack.upgrade().undo_broker()
                broker.start()
            broker.await_ready(self.patience)
        timeline.proofs.append(f"its log says: Kafka version {stack.upgrade().broker_version()}")


@dataclass(frozen=True)
class FinalisedUpgrade:
    """metadata.version is raised while clients are served. Nothing is stopped.

    `patience`: the time for Kafka's tool, and then for the broker to serve.
    """

    patience: timedelta
    lasts: timedelta = timedelta(seconds=5)
    needs: ClassVar = UpgradeControl
    breaks: ClassVar = None
    name: ClassVar = "metadata.version finalised"

    def target(self, system: SystemUnderTest) -> UpgradeControl:
        return upgraded(system)

    @contextmanager
    def injected(self, stack: UpgradeControl) -> Iterator[FaultTimeline]:
        with injection(
            self.name,
            heal=lambda _: None,
            works_again=lambda _: prove_ready(stack.broker().kafka, self.patience),
        ) as timeline:
            timeline.proven_broken()
            timeline.proofs.append(stack.upgrade().finalise(self.patience))
            yield timeline


def reason(words: str) -> str:
    """The first line of a broker's last words that names an error, without its time; or empty."""
    lines = (line.strip() for line in words.splitlines())
    named = next((line for line in lines if "xception" in line or " FATAL " in line), "")
    return re.sub(r"^\[[\d :,-]+\] *", "", named)[:LONGEST]
