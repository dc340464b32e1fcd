"""Translates settings of Java's clients to librdkafka's; its own pass unchanged."""

from __future__ import annotations

import re
from collections.abc import Mapping

from support.errors import SettingsError
from support.stack.client_file.jaas import Login, read_login
from support.stack.client_file.java_names import INSTEAD, LOGIN, LOGIN_HANDLER, RENAMED, STORES
from support.stack.client_file.stores import CERTIFICATE, own_key, trusted, with_line_breaks

IDENTIFICATION = "ssl.endpoint.identification.algorithm"
KEY_STORE = ("ssl.keystore.location", "ssl.keystore.password")
OIDC = "OAuthBearerLoginCallbackHandler"
UNSECURED = "unsecuredLoginStringClaim_sub"


def translated(given: Mapping[str, str]) -> dict[str, str]:
    """librdkafka's settings with the same meaning.

    Raises SettingsError, without a value, for a setting of Java's that has no equivalent.
    """
    settings: dict[str, str] = {}
    for key, value in given.items():
        if key in INSTEAD:
            raise SettingsError(
                f"client_config can't have {key}.",
                then=INSTEAD[key],
            )
        if key not in (*STORES, *KEY_STORE, LOGIN, LOGIN_HANDLER):
            settings[RENAMED.get(key, key)] = value
    for key in set(RENAMED.values()) & settings.keys():
        settings[key] = with_line_breaks(settings[key])
    settings |= trusted(given) | _own_key(given)
    if not settings.get(IDENTIFICATION, "x"):
        settings[IDENTIFICATION] = "none"
    if LOGIN in given:
        settings |= _login(given, settings.get("sasl.mechanisms", ""))
    if len(CERTIFICATE.findall(settings.get("ssl.certificate.pem", ""))) > 1:
        raise SettingsError(
            "librdkafka sends only one certificate of ssl.keystore.certificate.chain.",
            then="write the chain into a file: ssl.certificate.location=FILE",
        )
    return settings


def _own_key(given: Mapping[str, str]) -> dict[str, str]:
    password = given.get("ssl.keystore.password", "")
    return own_key(given, password or given.get("ssl.key.password", ""))


def _login(given: Mapping[str, str], mechanism: str) -> dict[str, str]:
    try:
        login = read_login(given[LOGIN])
    except ValueError as error:
        raise SettingsError(
            f"client_config: {LOGIN} can't be read.",
            seen=str(error),
            wanted='PACKAGE.ScramLoginModule required username="..." password="...";',
        ) from None
    if login.module in ("PlainLoginModule", "ScramLoginModule"):
        return _password(login)
    if login.module == "OAuthBearerLoginModule":
        return _token(login, given)
    # Any other text may be a part of a login.
    name = f" {login.module}" if re.fullmatch(r"\w+LoginModule", login.module) else ""
    raise SettingsError(
        f"client_config: the login module{name} in {LOGIN} needs Java.",
        seen=f"sasl.mechanism={mechanism}" if mechanism else "",
        wanted="PlainLoginModule, ScramLoginModule or OAuthBearerLoginModule",
        then="use a user with SCRAM, a token endpoint (OAUTHBEARER) or a client certificate",
    )


def _password(login: Login) -> dict[str, str]:
    missing = [key for key in ("username", "password") if key not in login.options]
    if missing or login.options.get("tokenauth", "false").lower() == "true":
        raise SettingsError(
            f"client_config: {LOGIN} has no user that librdkafka can use.",
            seen=f"missing: {', '.join(missing)}" if missing else "tokenauth: a delegation token",
            wanted="a username and a password",
        )
    return {
        "sasl.username": login.options["username"],
        "sasl.password": login.options["password"],
    }


def _token(login: Login, given: Mapping[str, str]) -> dict[str, str]:
    """Returns the settings for a token of an endpoint, or for an unsigned one, for test brokers."""
    options = login.options
    if "sasl.oauthbearer.token.endpoint.url" in given:
        names = {"clientId": "client.id", "clientSecret": "client.secret", "scope": "scope"}
        found = {
            f"sasl.oauthbearer.{name}": options[key]
            for key, name in names.items()
            if key in options
        }
        return {"sasl.oauthbearer.method": "oidc", **found}
    if UNSECURED in options:
        return {
            "enable.sasl.oauthbearer.unsecure.jwt": "true",
            "sasl.oauthbearer.config": f"principal={options[UNSECURED]}",
        }
    raise SettingsError(
        f"client_config: {LOGIN} does not say where a token comes from.",
        wanted="sasl.oauthbearer.token.endpoint.url=URL, and clientId and clientSecret",
    )
