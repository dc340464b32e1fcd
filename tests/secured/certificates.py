"""Certificates, made when a test needs them, in the formats of Kafka, Java and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12

from support.stack.listening import LOOPBACK

LONG_AGO, A_WHILE_AGO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC)


class Authority:
    """A certificate authority, and the folder in which its files are written.

    Certificates are valid for 127.0.0.1. Unless a test asks for it, `localhost` is a mismatch.
    """

    def __init__(self, folder: Path, name: str = "ca") -> None:
        self._authority = trustme.CA(organization_name="Another team")
        self._folder = folder
        self.file = folder / f"{name}.pem"
        """The certificate of the authority (PEM)."""
        self._authority.cert_pem.write_to_path(self.file)

    def pem(self, name: str, *hosts: str, expired: bool = False) -> Path:
        """Writes key and certificate of `CN=name` to one PEM file (PKCS#8, as Kafka requires).

        `hosts`: names of the server besides 127.0.0.1.
        """
        key, chain = self._issue(name, hosts, expired=expired)
        unencrypted = serialization.NoEncryption()
        text = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted
        )
        marks = [*hosts, *(["expired"] if expired else [])]
        path = self._folder / f"{'-'.join([name, *marks])}.pem"
        path.write_bytes(text + chain)
        path.chmod(0o600)
        return path

    def pkcs12(self, name: str, password: str) -> Path:
        """Writes key and certificate of `CN=name` to a keystore for Java's own TLS servers."""
        key, chain = self._issue(name)
        (certificate, *_) = x509.load_pem_x509_certificates(chain)
        path = self._folder / f"{name}.p12"
        locked = serialization.BestAvailableEncryption(password.encode())
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, locked)
        )
        path.chmod(0o600)
        return path

    def _issue(
        self, name: str, hosts: tuple[str, ...] = (), *, expired: bool = False
    ) -> tuple[EllipticCurvePrivateKey, bytes]:
        leaf = self._authority.issue_cert(
            LOOPBACK,
            *hosts,
            common_name=name,
            not_before=LONG_AGO if expired else None,
            not_after=A_WHILE_AGO if expired else None,
        )
        key = serialization.load_pem_private_key(leaf.private_key_pem.bytes(), None)
        assert isinstance(key, EllipticCurvePrivateKey)
        chain = b"".join(each.bytes() for each in leaf.cert_chain_pems)
        return key, chain
