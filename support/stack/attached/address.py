"""The address of a database that others run, from the settings."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from support.errors import SettingsError
from support.settings import Settings
from support.stack.addresses import DatabaseAddress

USUAL_PORT = 5432


def database_address(settings: Settings) -> DatabaseAddress:
    """The address in the setting `database`: `postgresql://user:password@host:port/name`.

    Raises SettingsError for anything else.
    """
    found = urlsplit(settings.database)
    try:
        port = found.port or USUAL_PORT
        host, inside_port = (
            settings.connect_database.rsplit(":", 1)
            if settings.connect_database
            else (found.hostname or "", str(port))
        )
        inside = (host, int(inside_port))
    except ValueError as error:
        raise SettingsError("The database's address can't be read.", seen=str(error)) from error
    name = found.path.strip("/")
    if found.scheme not in ("postgresql", "postgres") or not (
        found.hostname and found.username and name
    ):
        raise SettingsError(
            "The setting database is not the address of a PostgreSQL database.",
            wanted="postgresql://USER:PASSWORD@HOST:PORT/NAME",
        )
    password = unquote(found.password or "")
    return DatabaseAddress(found.hostname, port, name, unquote(found.username), password, inside)
