"""Reads the setting `database`: a connection string or a URI, as libpq understands it.

No error quotes the text, or libpq's own message, which quotes it: a password with a character that
is not encoded makes any part of the text a part of that password.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from urllib.parse import unquote

from support.errors import SettingsError

SCHEMES = ("postgresql://", "postgres://")
NOT_IN_A_LOGIN = "[]#/?@% "
"""Characters that a URI must encode in a user or a password (RFC 3986, section 3.2.1)."""
PERCENT_ENCODE = "percent-encode these characters of a password: " + ", ".join(
    f"{each} is %{ord(each):02X}" for each in "[]#/?@%$&:"
)
"""The last three are read as they are, but a shell or make may not pass them on."""
SECRETS = (
    "password",
    "sslpassword",
    "scram_client_key",
    "scram_server_key",
    "oauth_client_secret",
)
"""Parameters of libpq that are secrets."""
HIDDEN = "***"
EXAMPLE = (
    "postgresql://USER@HOST:PORT/NAME?sslmode=verify-full, or 'host=HOST user=USER dbname=NAME'"
)

LOGIN = re.compile(r"(://[^/:@]*:).*@", re.DOTALL)
ANY_LOGIN = re.compile(r"://.*@", re.DOTALL)


def read_conninfo(text: str) -> dict[str, str]:
    """The parameters that a connection string or a URI sets.

    Raises SettingsError, without any part of the text, if libpq can't read it, and if it reads a
    part of a login as something else.
    """
    # Imported here: it takes 0.1 s, which every process of a load would spend.
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    uri = text.startswith(SCHEMES)
    if not uri and "://" in text.partition("=")[0]:
        raise _no_address("it is the URL of something else")
    if uri and _misread(text):
        raise _not_encoded()
    try:
        found = {key: str(value) for key, value in conninfo_to_dict(text).items()}
    except (ProgrammingError, UnicodeError):
        raise _unreadable(text, uri=uri) from None
    ports = [each.strip() for each in found.get("port", "").split(",")]
    if not all(re.fullmatch(r"[0-9]*", each) for each in ports):
        raise _not_encoded() if uri else _no_address("its port is not a number")
    if not all(len(each) < 6 and 0 < int(each) < 65_536 for each in ports if each):
        raise _no_address("its port is not 1 to 65535")
    return found


def hidden(text: str) -> str:
    """The setting without its secrets, for records."""
    readable = _readable(text)
    if not text.startswith(SCHEMES):
        return shown_parameters(read_conninfo(text)) if readable else HIDDEN
    shown = LOGIN.sub(rf"\1{HIDDEN}@", text)
    if readable:
        address, mark, query = shown.partition("?")
        return address + mark + "&".join(map(_hidden_pair, query.split("&")))
    # Without a login that ends with @, any part may be a password.
    if shown == text:
        shown = ANY_LOGIN.sub(f"://{HIDDEN}@", text)
    return HIDDEN if shown == text else shown.partition("?")[0]


def _hidden_pair(pair: str) -> str:
    """A part of a URI's query without its value, if that is a secret."""
    key, equals, _ = pair.partition("=")
    # libpq accepts a keyword with percent-encoded letters.
    return f"{key}{equals}{HIDDEN}" if unquote(key) in SECRETS else pair


def shown_parameters(parameters: Mapping[str, str]) -> str:
    """The parameters as a connection string, without secrets."""
    from psycopg.conninfo import make_conninfo

    return make_conninfo(
        **{key: HIDDEN if key in SECRETS else value for key, value in parameters.items()}
    )


def libpq_keywords() -> list[str]:
    """Returns the keywords that the installed libpq knows."""
    # Imported here: it takes 0.1 s, which every process of a load would spend.
    from psycopg import pq

    return [each.keyword.decode() for each in pq.Conninfo.get_defaults()]


def _readable(text: str) -> bool:
    try:
        read_conninfo(text)
    except SettingsError:
        return False
    return True


def _misread(uri: str) -> bool:
    """Whether a login contains a character that ends it, or that only libpq accepts there.

    libpq's login ends at the first @, unless a / comes before.
    """
    rest = uri.partition("://")[2]
    login, at, place = rest.partition("@")
    if not at or "/" in login:
        login, place = "", rest
    bare = re.sub(r"%[0-9A-Fa-f]{2}", "", login)
    return any(each in bare for each in NOT_IN_A_LOGIN) or "@" in place.partition("?")[0]


def _unreadable(text: str, *, uri: bool) -> SettingsError:
    """The error about a text that libpq refuses. A name in it is given only by its nearest one."""
    if "@" not in text.partition("?")[2] and (near := _nearest_parameter(text)):
        return _no_address(f"libpq has no such parameter; did you mean {near}?")
    if uri:
        return _not_encoded()
    return SettingsError(
        "The setting database is not a connection string that libpq can read.",
        wanted=EXAMPLE,
        cause="a value with a space, a quote or a backslash that is not quoted",
        then=r"quote it as libpq does: password='it\'s', or leave the password out and use "
        "PGPASSWORD or ~/.pgpass",
    )


def _nearest_parameter(text: str) -> str:
    """The known parameter that an unknown one resembles; empty if all are known or none is near."""
    known = libpq_keywords()
    given = re.findall(r"(?:^|[?&\s])(\w+)\s*=", text)
    unknown = [each for each in given if each not in known]
    near = [found for each in unknown for found in difflib.get_close_matches(each, known, 1, 0.8)]
    return near[0] if near else ""


def _not_encoded() -> SettingsError:
    return SettingsError(
        "The setting database is a URI that can't be read: a user or a password in it has a "
        "character that must be percent-encoded.",
        wanted=EXAMPLE,
        then=f"{PERCENT_ENCODE}; or leave the password out and use PGPASSWORD or ~/.pgpass",
    )


def _no_address(why: str) -> SettingsError:
    return SettingsError(
        f"The setting database is not the address of a PostgreSQL database: {why}.", wanted=EXAMPLE
    )
