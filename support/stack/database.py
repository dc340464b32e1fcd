"""The database of the stacks that we start: a role that may replicate, and the tables it owns."""

from __future__ import annotations

import dataclasses

from support.clients.database import Database
from support.stack.addresses import DatabaseAddress

DATABASE, ROLE = "app", "cdc"


def prepare_database(superuser: DatabaseAddress, schema_sql: str) -> DatabaseAddress:
    """Create role, database and tables on an empty server; the role's address."""
    admin = Database(superuser.conninfo)
    password = f" PASSWORD '{superuser.password}'" if superuser.password else ""
    admin.execute(f"CREATE ROLE {ROLE} LOGIN REPLICATION{password}")
    # To see what other sessions do, as an open transaction that keeps CDC waiting.
    admin.execute(f"GRANT pg_read_all_stats TO {ROLE}")
    admin.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
    inside = dataclasses.replace(superuser, name=DATABASE)
    Database(inside.conninfo).execute(f"ALTER SCHEMA public OWNER TO {ROLE}")
    address = dataclasses.replace(inside, user=ROLE)
    Database(address.conninfo).execute(schema_sql)
    return address
