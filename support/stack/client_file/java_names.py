"""Names in librdkafka for the settings of Java's clients, where there is such a setting."""

from __future__ import annotations

RENAMED = {
    "sasl.mechanism": "sasl.mechanisms",
    "ssl.truststore.certificates": "ssl.ca.pem",
    "ssl.keystore.certificate.chain": "ssl.certificate.pem",
    "ssl.keystore.key": "ssl.key.pem",
}
"""Java's name -> librdkafka's. The value stays, but for the line breaks of PEM."""

STORES = frozenset(
    {
        "ssl.truststore.location",
        "ssl.truststore.type",
        "ssl.truststore.password",
        "ssl.keystore.type",
    }
)
"""Settings that are translated together: see stores.py."""

LOGIN = "sasl.jaas.config"
LOGIN_HANDLER = "sasl.login.callback.handler.class"

INSTEAD = {
    "sasl.client.callback.handler.class": "librdkafka runs no Java; SCRAM, PLAIN, OAUTHBEARER and "
    "client certificates need no handler",
    "sasl.login.class": "librdkafka runs no Java",
    "ssl.cipher.suites": "leave it out, or use OpenSSL's names in a file without Java's names",
    "ssl.enabled.protocols": "leave it out: client and broker agree on TLS 1.2 or 1.3",
    "ssl.protocol": "leave it out: client and broker agree on TLS 1.2 or 1.3",
    "ssl.provider": "leave it out: librdkafka uses OpenSSL",
    "ssl.engine.factory.class": "leave it out: librdkafka uses OpenSSL",
    "ssl.keymanager.algorithm": "leave it out: librdkafka uses OpenSSL",
    "ssl.trustmanager.algorithm": "leave it out: librdkafka uses OpenSSL",
    "ssl.secure.random.implementation": "leave it out: librdkafka uses OpenSSL",
    "security.providers": "leave it out: librdkafka uses OpenSSL",
    "sasl.kerberos.kinit.cmd": "Kerberos is not in the client that the suite uses; use SCRAM, "
    "OAUTHBEARER or a client certificate",
    "default.api.timeout.ms": "leave it out",
    "request.timeout.ms": "leave it out: the suite sets how long each request may take",
}
"""Java's name -> what to do about a setting that can't be translated."""

ONLY_JAVA = frozenset(
    {
        *(RENAMED.keys() - {"sasl.mechanism"}),
        *STORES,
        LOGIN,
        LOGIN_HANDLER,
        *(INSTEAD.keys() - {"ssl.cipher.suites", "request.timeout.ms"}),
    }
)
"""Names that librdkafka does not have: they show that a file was written for Java's clients."""
