"""The environment: of this process, and of the processes that it starts.

The only module that reads it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from support.settings.values import PREFIX

ONE_LOCALE = {"LC_ALL": "C.UTF-8"}
"""UTF-8, because the path of the clone may have any character."""

SECRET = re.compile(rf"{PREFIX}.*|.*(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL).*", re.IGNORECASE)
"""The names of variables that may contain secrets of the user's stack."""

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
    """This process's environment with `extra`, without settings and secrets of the user.

    Left out are also variables that would change a JVM's behaviour. The locale is always the same:
    the suite reads what these processes print.
    """
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in UNWANTED and not SECRET.fullmatch(key)
    }
    return kept | ONE_LOCALE | dict(extra)


def forget(names: Iterable[str]) -> None:
    """Removes variables from the environment of this process, and so of those that it starts."""
    for name in names:
        os.environ.pop(name, None)


@contextmanager
def variable(name: str, value: str) -> Iterator[None]:
    """Sets a variable of this process for a moment. Only while there are no other threads."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
