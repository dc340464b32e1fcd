"""The address of a Kafka Connect worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class ConnectAddress:
    """The URL of a REST interface, with its path prefix, and what its login needs.

    `url` contains no user and no password. `ca` is a PEM file with the certificates to trust
    instead of the usual ones. Without a user, ~/.netrc may have a login for the URL's host.
    """

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
