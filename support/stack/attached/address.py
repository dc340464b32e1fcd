"""The address of a database that others run: from the settings, and as a connection finds it."""

from __future__ import annotations

import dataclasses
import re

import psycopg

from support.clients.database import connected
from support.errors import SettingsError
from support.settings import Settings
from support.settings.conninfo import read_conninfo
from support.settings.values import quotable
from support.stack.addresses import DatabaseAddress
from support.stack.attached.database_refusals import refusal
from support.stack.libpq import with_defaults

SOCKETS = ("/", "@")
"""How the host of a Unix socket begins, in libpq."""
ADDRESS = re.compile(r"\[[^\[\]@/?#]+\]|[^\[\]@/?#]+")
PORT = re.compile(r"[0-9]{1,5}")


def database_address(settings: Settings) -> DatabaseAddress:
    """The address in the setting `database`, completed as libpq does it: by a service, PG*
    variables and defaults. Nothing is connected.

    Raises SettingsError, without any part of a password, for a setting that can't be read.
    """
    parameters = with_defaults(read_conninfo(settings.database))
    return DatabaseAddress(parameters, inside=_inside(settings.connect_database))


def reach_database(address: DatabaseAddress) -> DatabaseAddress:
    """Connect, and return the address with what libpq used: the host, the password, the sslmode.

    Kafka Connect gets the same. Raises StackError, with the reason why it can't be used.
    """
    try:
        with connected(address.conninfo) as connection:
            info, options = connection.info, connection.pgconn.info
            modes = [each.val for each in options if each.keyword == b"sslmode" and each.val]
            found = {
                "host": info.host,
                "port": str(info.port),
                "user": info.user,
                "dbname": info.dbname,
                "password": info.password,
                "sslmode": modes[0].decode() if modes else "",
            }
    except (psycopg.Error, OSError) as error:
        raise refusal(error, address) from error
    if found["host"].startswith(SOCKETS) and address.inside is None:
        raise SettingsError(
            "Kafka Connect can't use the Unix socket of the setting database.",
            seen=found["host"],
            then="-D connect_database=HOST:PORT, as Kafka Connect reaches it",
        )
    return dataclasses.replace(address, found=found)


def _inside(text: str) -> tuple[str, int] | None:
    """Host and port of the setting `connect_database`; None without it."""
    if not text:
        return None
    host, _, port = text.rpartition(":")
    if not ADDRESS.fullmatch(host) or not PORT.fullmatch(port) or not 0 < int(port) < 65_536:
        raise SettingsError(
            "The setting connect_database can't be read.", seen=quotable(text), wanted="HOST:PORT"
        )
    return host.removeprefix("[").removesuffix("]"), int(port)
