"""The database of a stack that the suite starts: a role that may replicate, and its tables."""

from __future__ import annotations

from support.clients.database import Database
from support.stack.addresses import DatabaseAddress

DATABASE, ROLE = "app", "cdc"


def prepare_database(superuser: DatabaseAddress, schema_sql: str) -> DatabaseAddress:
    """Creates role, database and tables on an empty server. Returns the role's address."""
    admin = Database(superuser.conninfo)
    password = f" PASSWORD '{superuser.password}'" if superuser.password else ""
    admin.execute(f"CREATE ROLE {ROLE} LOGIN REPLICATION{password}")
    # It may then see other sessions, such as an open transaction that blocks CDC.
    admin.execute(f"GRANT pg_read_all_stats TO {ROLE}")
    admin.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
    inside = superuser.of(name=DATABASE)
    Database(inside.conninfo).execute(f"ALTER SCHEMA public OWNER TO {ROLE}")
    address = inside.of(user=ROLE)
    Database(address.conninfo).execute(schema_sql)
    return address
