"""Translates libpq's parameters into settings of the Debezium connector.

The connector uses pgjdbc, whose sslmode `require` verifies nothing. libpq verifies the certificate
then, if it is given the certificate authority: that is pgjdbc's `verify-ca`.
"""

from __future__ import annotations

from collections.abc import Mapping

SYSTEM = "system"
"""The sslrootcert that means the certificate authorities of the operating system."""
JAVAS_AUTHORITIES = "org.postgresql.ssl.DefaultJavaSSLFactory"
"""The factory of pgjdbc that trusts the certificate authorities of the Java runtime."""
FILES = ("sslrootcert", "sslcert", "sslkey", "sslpassword")


def connector_settings(parameters: Mapping[str, str]) -> dict[str, str]:
    """The connector's settings for a connection with these parameters of libpq.

    The worker may have the files of certificates elsewhere, or not at all: the paths are those of
    this host.
    """
    return {
        "database.hostname": parameters["host"],
        "database.port": parameters["port"],
        "database.user": parameters["user"],
        "database.password": parameters.get("password", ""),
        "database.dbname": parameters["dbname"],
        **_tls(parameters),
    }


def _tls(parameters: Mapping[str, str]) -> dict[str, str]:
    mode, root = parameters.get("sslmode", ""), parameters.get("sslrootcert", "")
    if mode == "disable":
        return {"database.sslmode": mode}
    if root == SYSTEM:
        return {"database.sslmode": "verify-full", "database.sslfactory": JAVAS_AUTHORITIES}
    if mode == "require" and root:
        mode = "verify-ca"
    files = {f"database.{key}": parameters[key] for key in FILES if parameters.get(key)}
    return {**({"database.sslmode": mode} if mode else {}), **files}
