"""Hides the secrets in settings, so that they can be recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping

SECRET = (
    "password",
    "secret",
    "jaas",
    "token",
    "credential",
    "salt",
    "basic.auth",
    "private.key",
    "key.pem",
    "keystore.key",
)
HIDDEN = "***"
IN_URL = re.compile(r"(://[^/:@\s]*:)[^@\s]*@")
"""A password in a URL."""


def without_secrets(settings: Mapping[str, str]) -> dict[str, str]:
    """Returns the settings without secrets.

    Hides the value of each setting whose name suggests a secret, and the passwords in URLs.
    """
    return {
        key: HIDDEN if any(word in key.lower() for word in SECRET) else IN_URL.sub(r"\1***@", value)
        for key, value in settings.items()
    }
