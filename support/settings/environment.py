"""The environment: of this process, and of the processes that it starts.

The only module that reads it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

ONE_LOCALE = {"LC_ALL": "C.UTF-8"}
"""UTF-8, because the path of the clone may have any character."""

UNWANTED = (
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "CLASSPATH",
    "LANGUAGE",
    "LANG",
)


def own_environment() -> Mapping[str, str]:
    """The environment of this process."""
    return os.environ


def environment_for_children(extra: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with `extra`, and without what would change a JVM's behaviour.

    The locale is always the same: the suite reads what these processes print.
    """
    kept = {key: value for key, value in os.environ.items() if key not in UNWANTED}
    return kept | ONE_LOCALE | dict(extra)
