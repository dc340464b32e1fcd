"""Inputs of libpq from the environment of this process: PG* variables and service files."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext

from psycopg import pq

from support.settings.environment import forget, own_environment, variable

NO_PARAMETERS = (
    "PGSERVICEFILE",
    "PGSYSCONFDIR",
    "PGLOCALEDIR",
    "PGDATESTYLE",
    "PGTZ",
    "PGGEQO",
)
"""Variables that are not the default of one parameter."""


def with_defaults(parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters, completed by the service (a file) and by PG* variables as libpq does it.

    psycopg looks at PGHOST before it looks at a service, libpq the other way round: so nothing is
    left for psycopg to look up. A service that does not exist is reported when connecting.
    """
    env, service = own_environment(), parameters.get("service", "")
    with variable("PGSERVICE", service) if service else nullcontext():
        options = pq.Conninfo.get_defaults()
    # A compiled default is left to libpq: that of sslmode depends on sslrootcert.
    chosen = {
        option.keyword.decode(): option.val.decode()
        for option in options
        if option.val is not None
        and (option.val != option.compiled or (option.envvar or b"").decode() in env)
    }
    return {**chosen, **parameters}


def ignore_environment() -> None:
    """Removes everything from this process's environment that libpq looks at.

    For stacks that the suite starts: most PG* variables are the default of a parameter that a
    connection could set, but PGSERVICE and some others are not.
    """
    names = [option.envvar.decode() for option in pq.Conninfo.get_defaults() if option.envvar]
    forget([*names, *NO_PARAMETERS])
