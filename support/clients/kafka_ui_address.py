"""The address of a Kafka UI."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class KafkaUiAddress:
    """The URL of a Kafka UI, and what its login needs (the fields are those of ConnectAddress)."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
