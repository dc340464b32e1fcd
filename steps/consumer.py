"""Consumers, and what happens to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from behave import given, when


@given("{n:d} messages are in the topic")
def topic_is_full(context: Any, n: int) -> None:
    context.load.fill(n)


@given("a session of a consumer lasts {session:Duration}")
def sessions_last(context: Any, session: timedelta) -> None:
    context.load.session = session


@when("test consumer goes through {restart:Restart} at message {at:d} of {n:d}")
def restart_consumer(context: Any, restart: Any, at: int, n: int) -> None:
    context.load.restart_consumer(restart, at, n)
    context.load.settle()


@when(
    "test consumer is closed at message {at:d} of {n:d} and reconnects after broker went through "
    "{fault:Fault}"
)
def reconnect_consumer(context: Any, at: int, n: int, fault: Any) -> None:
    context.load.reconnect_after(fault, at, n)
    context.load.settle()


@when(
    "two consumer groups read, and one is restarted at message {at:d} of {n:d} and goes on slowly"
)
def restart_one_group(context: Any, at: int, n: int) -> None:
    context.load.restart_one_of_two_groups(at, n)
    context.load.settle()


@when("two consumers with the same group id read along while test producer sends {n:d} messages")
def share_a_group(context: Any, n: int) -> None:
    context.load.share_a_group(n)
    context.load.settle()
