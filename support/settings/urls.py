"""Separates a login from the URL that contains it, as soon as settings are loaded."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from support.errors import SettingsError
from support.settings.values import Secret, quotable

WITH_LOGIN = ("connect", "kafka_ui")
"""The settings that are URLs of servers that may ask for a login."""

SERVER = "http://HOST:PORT or https://USER:PASSWORD@HOST:PORT/PREFIX, without ? and #"
PAGE = "http://HOST:PORT/PATH or https://USER:PASSWORD@HOST:PORT/PATH?QUERY, without #"

METRICS = "kafka_metrics"
"""A URL of a page, of which a query is a part. Its login stays in it."""

ENCODED = "write these characters of a user or a password percent-encoded: " + ", ".join(
    f"{character} as %{ord(character):02X}" for character in "[]#/?@:%"
)


def without_logins(values: dict[str, Any]) -> dict[str, Any]:
    """Returns the values of settings, with each login moved from its URL to KEY_user, KEY_password.

    A login in a URL wins over those settings. Raises SettingsError, without any part of the value
    that may be secret, for a text that is not the URL of a server.
    """
    found = dict(values)
    for key in WITH_LOGIN:
        if found.get(key):
            found |= _divided(key, found)
    if found.get(METRICS):
        _parts(METRICS, found[METRICS])
    return found


def login_in(url: str) -> str:
    """Returns `USER:PASSWORD@` as it is in a URL; empty without a login."""
    login, at, _ = url.partition("://")[2].rpartition("@")
    return login + at


def _divided(key: str, values: dict[str, Any]) -> dict[str, Any]:
    parts = _parts(key, values[key])
    place = parts.netloc.rpartition("@")[2]
    url = f"{parts.scheme}://{place}{parts.path.rstrip('/')}"
    if not parts.username:
        return {key: url}
    user = unquote(parts.username)
    password = unquote(parts.password or "")
    if not password and values.get(f"{key}_user", user) == user:
        password = values.get(f"{key}_password", "")
    return {key: url, f"{key}_user": user, f"{key}_password": Secret(password)}


def _parts(key: str, text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        usable = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        # The message of a ValueError contains a part of the text, and perhaps of the password.
        raise _not_usable(key, text) from None
    behind = parts.path + parts.query + parts.fragment
    refused = parts.fragment if key == METRICS else parts.query + parts.fragment
    wanted = parts.scheme in ("http", "https") and not refused
    if not usable or not wanted or "@" in behind or "," in parts.netloc.rpartition("@")[2]:
        raise _not_usable(key, text)
    return parts


def _not_usable(key: str, text: str) -> SettingsError:
    return SettingsError(
        f"The setting {key} is not the URL of one server.",
        seen=quotable(text),
        wanted=PAGE if key == METRICS else SERVER,
        then=ENCODED if "@" in text else f"-D {key}=http://HOST:PORT, one server",
    )
