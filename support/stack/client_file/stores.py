"""Translates the key stores and trust stores of Java's clients: files with PEM, PKCS12 or JKS.

librdkafka reads trust stores with PEM only. The certificates of others are read with keytool, which
is a part of the Java that the suite has.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from support.errors import SettingsError
from support.settings.environment import environment_for_children
from support.settings.values import path_of
from support.stack.artefacts.platform import java

CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
JKS, PKCS12 = b"\xfe\xed\xfe\xed", b"\x30"
KEYTOOL_S = 30


def trusted(java_settings: Mapping[str, str]) -> dict[str, str]:
    """librdkafka's settings for a trust store. The file's content decides its type."""
    location = java_settings.get("ssl.truststore.location", "")
    if not location:
        return {}
    path = existing("ssl.truststore.location", location)
    if _begins(path).startswith((JKS, PKCS12)):
        password = java_settings.get("ssl.truststore.password", "")
        return {"ssl.ca.pem": _certificates(path, password)}
    return {"ssl.ca.location": str(path)}


def own_key(java_settings: Mapping[str, str], password: str) -> dict[str, str]:
    """librdkafka's settings for a key store. Raises SettingsError for one of type JKS."""
    location = java_settings.get("ssl.keystore.location", "")
    if not location:
        return {}
    path = existing("ssl.keystore.location", location)
    begins = _begins(path)
    if begins.startswith(JKS):
        raise SettingsError(
            "The key store in ssl.keystore.location has the type JKS, which only Java reads.",
            seen=str(path),
            then=f"keytool -importkeystore -srckeystore {path} -destkeystore {path.stem}.p12 "
            "-deststoretype PKCS12, and name the new file",
        )
    if begins.startswith(PKCS12):
        return {"ssl.keystore.location": str(path), "ssl.keystore.password": password}
    return {"ssl.certificate.location": str(path), "ssl.key.location": str(path)}


def with_line_breaks(pem: str) -> str:
    """PEM as OpenSSL reads it: a file of properties joins its lines."""

    def block(found: re.Match[str]) -> str:
        name, body = found[1], "".join(found[2].split())
        lines = [body[n : n + 64] for n in range(0, len(body), 64)]
        return "\n".join([f"-----BEGIN {name}-----", *lines, f"-----END {name}-----\n"])

    return BLOCK.sub(block, pem)


def existing(key: str, location: str) -> Path:
    """The absolute path of a file in a setting. Raises SettingsError if it can't be read."""
    path = path_of(location, f"client_config: {key}").absolute()
    try:
        if not path.is_dir():
            path.open("rb").close()
    except OSError as error:
        raise SettingsError(
            f"The file in {key} can't be read.",
            seen=f"{path}: {error.strerror}",
            cause="a relative path begins in the folder in which the command is run",
        ) from None
    return path


def _begins(path: Path) -> bytes:
    if path.is_dir():
        return b""
    with path.open("rb") as opened:
        return opened.read(4)


def _certificates(path: Path, password: str) -> str:
    keytool = java().with_name("keytool")
    try:
        done = subprocess.run(
            [str(keytool), "-list", "-rfc", "-keystore", str(path)],
            # Not on the command line: other users see that.
            input=password + "\n",
            env=environment_for_children({}),
            capture_output=True,
            text=True,
            timeout=KEYTOOL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SettingsError(
            "The trust store in ssl.truststore.location could not be read in time.",
            seen=f"keytool did not end within {KEYTOOL_S} s",
            cause="this host is overloaded, or the file is on a slow disk",
            then="try again, or use a file with PEM: ssl.ca.location=FILE",
        ) from None
    found = CERTIFICATE.findall(done.stdout)
    if done.returncode != 0 or not found:
        raise SettingsError(
            "The trust store in ssl.truststore.location can't be read.",
            seen=f"{path}: {_reason(done.stdout)}",
            cause="a wrong ssl.truststore.password",
            then=f"keytool -list -keystore {path}",
        )
    return "\n".join([*found, ""])


def _reason(output: str) -> str:
    errors = [line for line in output.splitlines() if "error" in line.lower()]
    return errors[0].strip()[:200] if errors else "it holds no certificate"
