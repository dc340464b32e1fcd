"""Connections to a broker without librdkafka, to look at its version and its certificate.

librdkafka reports only that a certificate was not accepted; Python reports why.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from support.clients.kafka_address import KafkaAddress


def connected(kafka: KafkaAddress, within: timedelta) -> socket.socket:
    """A connection to the first of the bootstrap servers that accepts one; TLS if it is in use.

    Raises OSError or ValueError if there is none, or if Python can't read the certificates.
    """
    opened, host = _accepted(kafka, within)
    if kafka.security.get("security.protocol", "").lower() not in ("ssl", "sasl_ssl"):
        return opened
    try:
        return _context(kafka.security).wrap_socket(opened, server_hostname=host)
    except BaseException:
        opened.close()
        raise


def certificate_trouble(kafka: KafkaAddress, within: timedelta) -> str:
    """Why the broker's certificate is not accepted, in OpenSSL's words; empty if it is, or if that
    can't be found out."""
    try:
        connected(kafka, within).close()
    except ssl.SSLCertVerificationError as error:
        return str(error.verify_message)
    except (OSError, ValueError):
        return ""
    return ""


def speaks_tls(kafka: KafkaAddress, within: timedelta) -> bool:
    """Whether the listener answers with TLS, whatever its certificate is."""
    context = ssl.create_default_context()
    # Nothing is sent or trusted: the question is only which protocol the other side speaks.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        opened, host = _accepted(kafka, within)
        with closing(opened), closing(context.wrap_socket(opened, server_hostname=host)):
            return True
    except OSError:
        return False


def _accepted(kafka: KafkaAddress, within: timedelta) -> tuple[socket.socket, str]:
    trouble = OSError("no server")
    for host, port in kafka.servers:
        try:
            return socket.create_connection((host, port), within.total_seconds()), host
        except OSError as error:
            trouble = error
    raise trouble


def _context(security: Mapping[str, str]) -> ssl.SSLContext:
    """A context that trusts, and shows, the same certificates as far as Python can read them."""
    place = security.get("ssl.ca.location", "")
    folder = place if place and Path(place).is_dir() else None
    context = ssl.create_default_context(
        cafile=place if place and not folder else None,
        capath=folder,
        cadata=security.get("ssl.ca.pem"),
    )
    identified = security.get("ssl.endpoint.identification.algorithm", "https") == "https"
    context.check_hostname = identified
    certificate = security.get("ssl.certificate.location")
    if certificate:
        key, password = security.get("ssl.key.location"), security.get("ssl.key.password")
        # Without a password OpenSSL would ask for it at the terminal.
        context.load_cert_chain(certificate, key, password or "")
    return context
