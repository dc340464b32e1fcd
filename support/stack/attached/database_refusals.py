"""Explains why a PostgreSQL that others run can't be used: what libpq says, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from support.clients.server_certificate import why_untrusted
from support.errors import StackError
from support.settings.conninfo import PERCENT_ENCODE
from support.stack.addresses import DatabaseAddress
from support.stack.connector_database import SYSTEM

LONGEST = 600


@dataclass(frozen=True)
class Refusal:
    """Words of libpq or of the server, what usually causes them, and the next step."""

    words: str
    cause: str
    then: str


ELSEWHERE = "a wrong host or port in the setting database, PGHOST or PGPORT"
CERTIFICATE = "it is not signed by the authority in sslrootcert, or it has expired"
FILE = "give the file's path in sslcert and sslkey; only you may read the key (chmod 600)"

REFUSALS = (
    Refusal(
        r"definition of service|service file|syntax error in service",
        "the service is not in the service file",
        "look into ~/.pg_service.conf, or name the file in PGSERVICEFILE",
    ),
    Refusal(
        r"does not support SSL",
        "the server offers no TLS, and sslmode asks for it",
        "switch TLS on at the server (ssl = on); without it, only sslmode=disable connects",
    ),
    Refusal(
        r"root certificate file|could not load system root|weak sslmode",
        "sslmode and sslrootcert do not fit together, or the file is missing",
        "sslrootcert=FILE with the certificate of the authority, or sslrootcert=system with "
        "sslmode=verify-full for a public one",
    ),
    Refusal(
        r"certificate verify failed",
        CERTIFICATE,
        "sslrootcert=FILE with the certificate of the server's authority, or renew the server's "
        "certificate",
    ),
    Refusal(
        r"does not match host name",
        "the server's certificate is for other names",
        "connect by a name in the certificate (with hostaddr=IP if it does not resolve here), or "
        "use sslmode=verify-ca, which compares no names",
    ),
    Refusal(
        r"alert .*(certificate|ca)\b|requires a valid client certificate",
        "the server does not accept the client's certificate, or there is none",
        "sslcert=FILE and sslkey=FILE with a certificate that the server's ssl_ca_file has signed "
        "and that has not expired",
    ),
    Refusal(r"private key file|could not load private key|certificate file", "a file", FILE),
    Refusal(
        r"no password supplied",
        "no password in the setting database, PGPASSWORD or ~/.pgpass",
        "set PGPASSWORD, or add HOST:PORT:DATABASE:USER:PASSWORD to ~/.pgpass (chmod 600)",
    ),
    Refusal(
        r"password authentication failed",
        "a wrong role or password",
        f"compare it with psql, PGPASSWORD and ~/.pgpass; in a URI {PERCENT_ENCODE}",
    ),
    Refusal(
        r'database "[^"]*" does not exist|role "[^"]*" does not exist|authentication failed',
        "a wrong name of the database or the role",
        "psql -l lists the databases, \\du in psql lists the roles",
    ),
    Refusal(
        r"authentication method requirement|channel binding",
        "the server offers another authentication than require_auth or channel_binding ask for",
        "use SCRAM at the server (password_encryption), and TLS for channel binding",
    ),
    Refusal(
        r"hot standby|read-only|not accept writes|session is",
        "no host fits target_session_attrs",
        "name the primary as well: change data capture writes to the database",
    ),
    Refusal(
        r"pg_hba\.conf.*no encryption(?![\s\S]*SSL encryption)",
        "the server's pg_hba.conf admits this role and database from here only with TLS, or not "
        "at all",
        "sslmode=require or verify-full; otherwise add a line to pg_hba.conf and reload it",
    ),
    Refusal(
        r"pg_hba\.conf",
        "the server's pg_hba.conf does not admit this role and database from here",
        "add a line to pg_hba.conf (hostssl DATABASE ROLE ADDRESS scram-sha-256) and reload it",
    ),
    Refusal(
        r"failed to resolve host|could not translate host name",
        "a wrong host name, or one that only another network knows",
        "getent hosts HOST",
    ),
    Refusal(r"Connection refused|No such file", ELSEWHERE, "pg_isready -h HOST -p PORT"),
    Refusal(
        r"timeout expired|timed out|unreachable|No route",
        f"a firewall or a security group, or {ELSEWHERE}",
        "open the port for this host; a slow network: connect_timeout=SECONDS",
    ),
    Refusal(
        r"too many (clients|connections)|remaining connection slots",
        "every connection of the server or of the role is taken",
        "end sessions, or raise max_connections or the role's CONNECTION LIMIT",
    ),
    Refusal(
        r"SSL negotiation|invalid response|unsupported startup parameter",
        "something else than PostgreSQL listens there, such as a proxy or a pooler",
        "give the address of PostgreSQL itself: logical replication needs it",
    ),
)


def refusal(error: BaseException, address: DatabaseAddress) -> StackError:
    """The error about a connection that failed. libpq's messages contain no passwords."""
    words = "; ".join(_lines(str(error)))
    for each in REFUSALS:
        if re.search(each.words, words):
            break
    else:
        each = Refusal("", "", "try the same with psql")
    cause = _untrusted(address) if each.cause == CERTIFICATE else each.cause
    return StackError(
        f"PostgreSQL can't be used at {address.place} as {address.user}.",
        seen=words[:LONGEST],
        cause=cause,
        then=each.then,
    )


def _lines(text: str) -> Iterator[str]:
    """The different lines of a message, without the words that each attempt repeats."""
    before: set[str] = set()
    for line in text.splitlines():
        short = " ".join(line.replace("connection failed: ", "").split())
        if short and short not in before:
            before.add(short)
            yield short


def _untrusted(address: DatabaseAddress) -> str:
    authorities = address.parameters.get("sslrootcert", "")
    reason = why_untrusted(address.host, address.port, "" if authorities == SYSTEM else authorities)
    return f"the server's certificate: {reason}" if reason else CERTIFICATE
