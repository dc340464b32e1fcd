"""The address of a Kafka cluster that others run, from the settings."""

from __future__ import annotations

from dataclasses import replace

from support.clients.kafka_address import KafkaAddress
from support.errors import SettingsError
from support.settings import Settings
from support.settings.values import quotable
from support.stack.client_file.security import security_of

ANY_FAMILY = {"broker.address.family": "any"}


def kafka_address(settings: Settings) -> KafkaAddress:
    """The address in the setting `bootstrap`, with the security in the file of `client_config`.

    Its brokers may have IPv6 addresses. Raises SettingsError for text that is no list of HOST:PORT,
    and for a file that can't be used.
    """
    address = KafkaAddress(settings.bootstrap, ANY_FAMILY)
    try:
        _ = address.servers
    except ValueError as error:
        # The error quotes a part of the setting.
        raise SettingsError(
            "The setting bootstrap is not the address of a Kafka broker.",
            seen=quotable(settings.bootstrap) and str(error),
            wanted="HOST:PORT, [IPV6]:PORT, or several of them separated by commas",
            then="-D bootstrap=HOST:PORT",
        ) from None
    if settings.client_config is None:
        return address
    security = security_of(settings.client_config)
    return replace(address, security={**ANY_FAMILY, **security})
