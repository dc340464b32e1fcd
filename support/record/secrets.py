"""Hides the secrets in settings, so that they can be recorded."""

from __future__ import annotations

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


def without_secrets(settings: Mapping[str, str]) -> dict[str, str]:
    """Returns the settings; the value of each whose name suggests a secret is hidden."""
    return {
        key: HIDDEN if any(word in key.lower() for word in SECRET) else value
        for key, value in settings.items()
    }
