"""Chooses what the suite can do with a stack that others run, by what the settings permit."""

from __future__ import annotations

import dataclasses

from support.errors import SettingsError
from support.progress import Progress
from support.settings import Settings
from support.stack.attached.containers import SETTING
from support.stack.attached.fault_journal import fault_journal
from support.stack.attached.metered import MeteredStack
from support.stack.attached.stack import AttachedStack
from support.stack.attached.watched import BreakableStack, WatchedStack


def attach(settings: Settings, progress: Progress) -> AttachedStack:
    """The stack at the addresses of the settings.

    It can be watched if they name containers, and broken if they permit it. Raises SettingsError
    for settings that do not fit together.
    """
    _check(settings)
    journal = fault_journal(settings)
    if not any(getattr(settings, name) for name in SETTING.values()):
        measured = MeteredStack if settings.kafka_metrics else AttachedStack
        return measured(settings, progress, journal)
    kind = BreakableStack if settings.allow_destructive else WatchedStack
    return kind(settings, progress, journal, with_containers=True)


def _check(settings: Settings) -> None:
    """Raises SettingsError for settings that do not fit together."""
    missing = [key for key in ("bootstrap", "connect", "database") if not getattr(settings, key)]
    if missing:
        raise SettingsError(
            f"The target attach needs to know where the stack is: {missing[0]} is not set.",
            then="-D stack=stack.toml (see docs/stack.example.toml), or "
            "-D bootstrap=HOST:PORT -D connect=URL "
            "-D database=postgresql://USER:PASSWORD@HOST:PORT/NAME",
        )
    theirs = [part for part in ("broker", "worker") if settings.overrides.get(part)]
    theirs += [heap for heap in ("kafka_heap", "connect_heap") if changed(settings, heap)]
    if theirs:
        raise SettingsError(
            f"The setting {theirs[0]} can't be changed on a stack that others run.",
            then="change it there, or use -D target=compose",
        )
    if settings.allow_destructive and not settings.kafka_container:
        raise SettingsError(
            "allow_destructive without a container has no meaning.",
            then="name what may be broken: -D kafka_container=NAME",
        )


def changed(settings: Settings, name: str) -> bool:
    """Whether a setting is not at its default."""
    (field,) = (each for each in dataclasses.fields(settings) if each.name == name)
    return bool(getattr(settings, name) != field.default)
