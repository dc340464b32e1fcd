"""The addresses of Kafka Connect and Kafka UI that the settings contain."""

from __future__ import annotations

from pathlib import Path

from support.clients.connect_address import ConnectAddress
from support.clients.kafka_ui_address import KafkaUiAddress
from support.errors import SettingsError
from support.settings import Settings
from support.settings.environment import own_environment

CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""The variables that name the CAs to trust, in this order; the first two are those of requests."""


def connect_address(settings: Settings) -> ConnectAddress:
    """Returns the address of a Kafka Connect that others run. Raises SettingsError."""
    return ConnectAddress(
        settings.connect,
        settings.connect_user,
        settings.connect_password,
        _ca(settings.connect, settings.connect_ca),
    )


def kafka_ui_address(settings: Settings) -> KafkaUiAddress:
    """Returns the address of a Kafka UI that others run. Raises SettingsError."""
    return KafkaUiAddress(
        settings.kafka_ui,
        settings.kafka_ui_user,
        settings.kafka_ui_password,
        _ca(settings.kafka_ui, settings.kafka_ui_ca),
    )


def _ca(url: str, given: Path | None) -> Path | None:
    """Returns the file, or the folder, of the CAs to trust; None: those that requests brings."""
    if given is not None:
        return given.expanduser().absolute()
    if not url.startswith("https:"):
        return None
    environment = own_environment()
    for variable in CA_VARIABLES:
        if value := environment.get(variable):
            path = Path(value)
            if not path.exists():
                raise SettingsError(
                    f"The variable {variable} names a file that does not exist.",
                    seen=value,
                    then=f"correct it, or unset {variable}",
                )
            return path.absolute()
    return None
