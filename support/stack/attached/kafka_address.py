"""The address of a Kafka cluster that others run, from the settings."""

from __future__ import annotations

from support.clients.kafka_address import KafkaAddress
from support.errors import SettingsError
from support.settings import Settings

ANY_FAMILY = {"broker.address.family": "any"}


def kafka_address(settings: Settings) -> KafkaAddress:
    """The address in the setting `bootstrap`. Its brokers may have IPv6 addresses.

    Raises SettingsError for text that is no list of HOST:PORT.
    """
    address = KafkaAddress(settings.bootstrap, ANY_FAMILY)
    try:
        _ = address.servers
    except ValueError as error:
        raise SettingsError(
            "The setting bootstrap is not the address of a Kafka broker.",
            seen=str(error),
            wanted="HOST:PORT, [IPV6]:PORT, or several of them separated by commas",
            then="-D bootstrap=HOST:PORT",
        ) from error
    return address
