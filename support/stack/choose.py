"""Chooses the stack of a target."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from support.progress import Progress
from support.settings import Settings
from support.stack.attached.choose import attach
from support.stack.compose.stack import ComposeStack
from support.stack.embedded.stack import EmbeddedStack
from support.stack.lifecycle import Stack
from support.stack.places import check_places

STACKS: Mapping[str, Callable[[Settings, Progress], Stack]] = {
    "embedded": EmbeddedStack,
    "compose": ComposeStack,
    "attach": attach,
}


def choose_stack(settings: Settings, progress: Progress) -> Stack:
    """The stack of the target that the settings name; not started.

    Raises SettingsError for a folder in which the stack's programs can't work.
    """
    check_places(settings)
    return STACKS[settings.target](settings, progress)
