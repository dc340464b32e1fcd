"""Translates librdkafka's settings of a cluster's security to those of Java's clients."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from support.errors import Unavailable
from support.stack.client_file.jaas import written
from support.stack.client_file.stores import BLOCK

SECURITY = "org.apache.kafka.common.security"
MODULES = {
    "PLAIN": f"{SECURITY}.plain.PlainLoginModule",
    "SCRAM-SHA-256": f"{SECURITY}.scram.ScramLoginModule",
    "SCRAM-SHA-512": f"{SECURITY}.scram.ScramLoginModule",
}
BEARER = f"{SECURITY}.oauthbearer.OAuthBearerLoginModule"
TOKENS = f"{SECURITY}.oauthbearer.secured.OAuthBearerLoginCallbackHandler"
OIDC = {
    "sasl.oauthbearer.client.id": "clientId",
    "sasl.oauthbearer.client.secret": "clientSecret",
    "sasl.oauthbearer.scope": "scope",
}
ENDPOINT = "sasl.oauthbearer.token.endpoint.url"
IDENTIFICATION = "ssl.endpoint.identification.algorithm"
PKCS8 = ("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")


def java_settings(security: Mapping[str, str]) -> dict[str, str]:
    """Java's settings with the same meaning.

    Raises Unavailable, as a reason to skip Kafka's tools, for what Java's clients can't do. Raises
    OSError for a file that can't be read.
    """
    protocol = security.get("security.protocol", "plaintext").upper()
    settings = {"security.protocol": protocol}
    if "SASL" in protocol:
        settings |= _login(security)
    if "SSL" in protocol:
        settings |= _trusted(security) | _own_key(security)
    if "client.id" in security:
        settings["client.id"] = security["client.id"]
    return settings


def _login(security: Mapping[str, str]) -> dict[str, str]:
    mechanism = security.get("sasl.mechanisms", "")
    if mechanism in MODULES:
        user = {key: security.get(f"sasl.{key}", "") for key in ("username", "password")}
        return _mechanism(mechanism, MODULES[mechanism], user)
    if mechanism != "OAUTHBEARER":
        raise _lack(f"sasl.mechanisms={mechanism}")
    if security.get("sasl.oauthbearer.method", "default").lower() == "oidc":
        options = {java: security[key] for key, java in OIDC.items() if key in security}
        return {
            **_mechanism(mechanism, BEARER, options),
            "sasl.login.callback.handler.class": TOKENS,
            ENDPOINT: security[ENDPOINT],
        }
    pairs = (each.partition("=") for each in security.get("sasl.oauthbearer.config", "").split())
    principal = {key: value for key, _, value in pairs}.get("principal")
    if principal is None:
        raise _lack("sasl.oauthbearer.config without a principal")
    return _mechanism(mechanism, BEARER, {"unsecuredLoginStringClaim_sub": principal})


def _mechanism(mechanism: str, module: str, options: dict[str, str]) -> dict[str, str]:
    return {"sasl.mechanism": mechanism, "sasl.jaas.config": written(module, options)}


def _trusted(security: Mapping[str, str]) -> dict[str, str]:
    if security.get("enable.ssl.certificate.verification", "true").lower() in ("false", "f", "0"):
        raise _lack("enable.ssl.certificate.verification=false")
    settings = {IDENTIFICATION: security.get(IDENTIFICATION, "https").replace("none", "")}
    pem, place = security.get("ssl.ca.pem"), security.get("ssl.ca.location", "probe")
    if pem is None and place == "probe":
        # Java's own certificates of public authorities.
        return settings
    if pem is None and Path(place).is_dir():
        raise _lack("ssl.ca.location, a folder")
    certificates = _blocks(pem if pem is not None else Path(place).read_text(), ("CERTIFICATE",))
    return {**settings, "ssl.truststore.type": "PEM", "ssl.truststore.certificates": certificates}


def _own_key(security: Mapping[str, str]) -> dict[str, str]:
    if "ssl.keystore.location" in security:
        password = security.get("ssl.keystore.password", "")
        return {
            "ssl.keystore.type": "PKCS12",
            "ssl.keystore.location": security["ssl.keystore.location"],
            "ssl.keystore.password": password,
            "ssl.key.password": password,
        }
    certificate, key = (_pem(security, f"ssl.{what}") for what in ("certificate", "key"))
    if not certificate:
        return {}
    private = _blocks(key, PKCS8)
    if not private:
        raise Unavailable(
            "Kafka's tools can't read the private key: it is not in the format PKCS#8.",
            then="openssl pkcs8 -topk8 -in KEY -out NEW, and ssl.key.location=NEW",
        )
    settings = {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.certificate.chain": _blocks(certificate, ("CERTIFICATE",)),
        "ssl.keystore.key": private,
    }
    if "ENCRYPTED" in private:
        settings["ssl.key.password"] = security.get("ssl.key.password", "")
    return settings


def _pem(security: Mapping[str, str], what: str) -> str:
    place = security.get(f"{what}.location", "")
    return Path(place).read_text() if place else security.get(f"{what}.pem", "")


def _blocks(pem: str, names: tuple[str, ...]) -> str:
    return "".join(f"{each[0]}\n" for each in BLOCK.finditer(pem) if each[1] in names)


def _lack(what: str) -> Unavailable:
    return Unavailable(
        "Kafka's tools can't connect to this cluster.", cause=f"Java's clients have no {what}"
    )
