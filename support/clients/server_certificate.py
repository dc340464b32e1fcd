"""Finds out why the certificate of a PostgreSQL server is not trusted.

libpq reports `certificate verify failed`, and not whether it has expired or who signed it.
"""

from __future__ import annotations

import socket
import ssl

SSL_REQUEST = bytes.fromhex("0000000804d2162f")
"""The message that asks a PostgreSQL server for TLS (protocol, section 54.7)."""
WITHIN_S = 5


def why_untrusted(host: str, port: int, authorities: str) -> str:
    """OpenSSL's reason why the server's certificate is refused; empty if it can't be seen.

    `authorities`: a file with trusted certificates (PEM); empty for those of the system.
    """
    try:
        context = ssl.create_default_context(cafile=authorities or None)
        # The name is libpq's business: it reports a mismatch itself.
        context.check_hostname = False
        with socket.create_connection((host, port), WITHIN_S) as plain:
            plain.sendall(SSL_REQUEST)
            if plain.recv(1) != b"S":
                return ""
            with context.wrap_socket(plain):
                return ""
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except (OSError, ssl.SSLError, ValueError):
        return ""
