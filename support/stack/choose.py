"""Chooses the stack of a target."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from support.progress import Progress
from support.settings import Settings
from support.stack.attached.choose import attach
from support.stack.compose.stack import ComposeStack
from support.stack.embedded.stack import EmbeddedStack
from support.stack.libpq import ignore_environment
from support.stack.lifecycle import Stack
from support.stack.places import check_places

ATTACH = "attach"

STACKS: Mapping[str, Callable[[Settings, Progress], Stack]] = {
    "embedded": EmbeddedStack,
    "compose": ComposeStack,
    ATTACH: attach,
}


def choose_stack(settings: Settings, progress: Progress) -> Stack:
    """The stack of the target that the settings name; not started.

    For a stack that the suite starts, PG* variables of the user's environment have no effect.
    Raises SettingsError for a folder in which the stack's programs can't work.
    """
    check_places(settings)
    if settings.target != ATTACH:
        ignore_environment()
    return STACKS[settings.target](settings, progress)
