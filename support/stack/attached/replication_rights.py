"""Whether a role may read changes by logical replication, and how it gets the right.

PostgreSQL itself asks for the attribute REPLICATION. Managed services differ:

- Amazon RDS and Aurora do not let anybody set it: members of `rds_replication` may replicate
  (Debezium's documentation of its PostgreSQL connector, "PostgreSQL on Amazon RDS").
- Google Cloud SQL and Azure Database (flexible server) let an administrator set it with ALTER ROLE
  ("Set up logical replication and decoding"; "Logical replication and logical decoding").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from support.clients.database import Database, connected
from support.errors import StackError
from support.stack.addresses import DatabaseAddress

BY_MEMBERSHIP = "rds_replication"
"""The role whose members may replicate, where it exists."""
RIGHTS = f"""
SELECT rolreplication OR rolsuper,
       coalesce((SELECT pg_has_role(current_user, oid, 'MEMBER')
                 FROM pg_roles WHERE rolname = '{BY_MEMBERSHIP}'), false),
       EXISTS (SELECT FROM pg_roles WHERE rolname = '{BY_MEMBERSHIP}'),
       has_database_privilege(current_database(), 'CREATE'),
       quote_ident(current_user), quote_ident(current_database())
FROM pg_roles WHERE rolname = current_user
"""
LEVEL = """
SELECT current_setting('wal_level'),
       ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname = ANY(%(services)s))
"""
LOGICAL = {
    BY_MEMBERSHIP: "set rds.logical_replication=1 in the parameter group",
    "cloudsqlsuperuser": "set the flag cloudsql.logical_decoding=on",
    "azure_pg_admin": "set the server parameter wal_level=logical",
}
"""A role that only one managed service has -> how logical replication is switched on there."""


@dataclass(frozen=True)
class Rights:
    """The rights that the catalog grants to a role; names are quoted as SQL needs it."""

    by_attribute: bool
    by_membership: bool
    membership_exists: bool
    may_create: bool
    role: str
    database: str

    @property
    def may_replicate(self) -> bool:
        return self.by_attribute or self.by_membership

    @property
    def grant(self) -> str:
        """The statement that permits replication, which an administrator can run there."""
        if self.membership_exists:
            return f"GRANT {BY_MEMBERSHIP} TO {self.role}"
        return f"ALTER ROLE {self.role} REPLICATION"


def check_rights(database: Database, address: DatabaseAddress) -> Iterator[str]:
    """Raises StackError if the role may not replicate, or not create a schema and a publication.

    Yields a warning for people if the catalog permits replication, but the server refuses it to
    this host: it may admit only the host of Kafka Connect.
    """
    rights = Rights(*database.query(RIGHTS)[0])
    refused = _refused(address)
    # A service may have another way to permit it: what works is enough.
    may_replicate = rights.may_replicate or not refused
    if not (may_replicate and rights.may_create):
        create = f"GRANT CREATE ON DATABASE {rights.database} TO {rights.role}"
        steps = [rights.grant] * (not may_replicate) + [create] * (not rights.may_create)
        raise StackError(
            f"The role {rights.role} lacks permissions that change data capture needs.",
            seen=f"replication: {may_replicate}, CREATE on the database: {rights.may_create}",
            then=f"as an administrator: {'; '.join(steps)}",
        )
    if refused:
        yield f"WARNING: PostgreSQL refuses a replication connection from this host: {refused}"


def _refused(address: DatabaseAddress) -> str:
    """Opens a replication connection, and closes it. Returns the server's words if it refuses."""
    try:
        connected(f"{address.conninfo} replication=database", autocommit=True).close()
    except psycopg.OperationalError as error:
        return "; ".join(line.strip() for line in str(error).splitlines())[:300]
    return ""


def check_logical(database: Database) -> None:
    """Raises StackError if the server does not write what logical replication needs to its WAL."""
    ((level, services),) = database.query(LEVEL, {"services": list(LOGICAL)})
    if level == "logical":
        return
    remedies = [LOGICAL[name] for name in services]
    raise StackError(
        "This PostgreSQL has no logical replication.",
        seen=f"wal_level={level}",
        wanted="wal_level=logical",
        then=f"{remedies[0] if remedies else 'change postgresql.conf'}, and restart the server",
    )
