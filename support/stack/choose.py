"""From the setting `target` to a stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from support.progress import Progress
from support.settings import Settings
from support.stack.attached.choose import attach
from support.stack.compose.stack import ComposeStack
from support.stack.embedded.stack import EmbeddedStack
from support.stack.places import check_places
from support.stack.ports import Stack

LocalStack = EmbeddedStack | ComposeStack
"""Targets that the suite starts itself."""

STACKS: Mapping[str, Callable[[Settings, Progress], Stack]] = {
    "embedded": EmbeddedStack,
    "compose": ComposeStack,
    "attach": attach,
}


def choose_stack(settings: Settings, progress: Progress) -> Stack:
    """The stack that `-D target=` names; settings have made sure that it exists.

    Raises SettingsError for a folder in which its programs can't work.
    """
    check_places(settings)
    return STACKS[settings.target](settings, progress)
