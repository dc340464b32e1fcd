"""From the setting `target` to a stack."""

from __future__ import annotations

from support.progress import Progress
from support.settings import Settings
from support.stack.embedded.stack import EmbeddedStack


def choose_stack(settings: Settings, progress: Progress) -> EmbeddedStack:
    """The stack that `-D target=` names; settings have made sure that it exists."""
    return {"embedded": EmbeddedStack}[settings.target](settings, progress)
