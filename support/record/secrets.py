"""Hides secrets in settings and in texts, so that they can be recorded and printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

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
    "api.key",
    "apikey",
    "access.key",
    "accesskey",
    "pwd",
    "passwd",
    "passphrase",
    "storepass",
    "keypass",
    "bearer.auth",
    "extension.auth",
    "license",
)
HIDDEN = "***"
IN_URL = re.compile(r"(://[^/:@\s]*:)\S*@")
"""A password in a URL. It may contain @ and / that should have been percent-encoded."""

NAMED = re.compile(
    r"((?:password|passwd|secret|passphrase|storepass|keypass|api[._]?key)\w*\s*[=:]\s*)"
    r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s;&,'"]+)""",
    re.IGNORECASE,
)
"""A password after its name: in libpq's connection string, a JAAS entry, or a URL's query."""


def without_secrets(settings: Mapping[str, str]) -> dict[str, str]:
    """Returns the settings without secrets.

    Hides the value of each setting whose name suggests a secret, and the passwords in the others.
    """
    return {
        key: HIDDEN if any(word in key.lower() for word in SECRET) else without_passwords(value)
        for key, value in settings.items()
    }


def without_passwords(text: str) -> str:
    """Returns a text without the passwords that can be recognised by what precedes them."""
    return NAMED.sub(rf"\1{HIDDEN}", IN_URL.sub(rf"\1{HIDDEN}@", text))


def bare_url(url: str) -> str:
    """Returns a URL without its user, its password and its query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
