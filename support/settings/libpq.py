"""PostgreSQL's connection keywords in a stack file, turned into one connection string."""

from __future__ import annotations

from collections.abc import Mapping

from support.errors import SettingsError
from support.settings.conninfo import read_conninfo

LIBPQ_FILES = ("sslcert", "sslkey", "sslrootcert", "sslcrl", "sslcrldir", "passfile")
"""Keywords whose values are paths."""


def with_keywords(uri: str, keywords: Mapping[str, str], where: str) -> str:
    """Returns a connection string: `uri`, which may be empty, with these keywords.

    `where`: the line, for errors. Raises SettingsError for a keyword that `uri` has as well, and
    for a `uri` that read_conninfo() refuses. No part of `uri` is quoted: it may be a password.
    """
    from psycopg.conninfo import make_conninfo

    try:
        given = read_conninfo(uri)
    except SettingsError:
        raise SettingsError(
            f"{where}: the uri is not the address of a PostgreSQL database.",
            cause="a character that a URI must write as %XX: [ ] # / ? @ : %",
            then='write the password as a key instead: password = "${PGPASSWORD}"',
        ) from None
    twice = sorted(given.keys() & keywords.keys())
    if twice:
        raise SettingsError(
            f"{where}: {twice[0]} is in the uri and also a key.", then="remove one of them"
        )
    return make_conninfo("", **{**given, **keywords})
