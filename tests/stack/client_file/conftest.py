from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from support.stack.artefacts.platform import java
from support.stack.client_file.security import security_of

Read = Callable[[str], dict[str, str]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Returns the settings of librdkafka of a file with the given text."""

    def written_and_read(text: str) -> dict[str, str]:
        path = tmp_path / "client.properties"
        path.write_text(text, encoding="utf-8")
        return security_of(path)

    return written_and_read


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, authority: trustme.CA) -> Path:
    """Returns a folder with certificates as PEM, and with trust stores: password `changeit`."""
    made = tmp_path_factory.mktemp("certificates")
    authority.cert_pem.write_to_path(str(made / "ca.pem"))
    client = authority.issue_cert("client.example")
    client.private_key_and_cert_chain_pem.write_to_path(str(made / "client.pem"))
    for kind in ("JKS", "PKCS12"):
        command = f"-importcert -noprompt -alias ca -file ca.pem -keystore trust.{kind}"
        subprocess.run(
            [java().with_name("keytool"), *command.split(), "-storetype", kind],
            input="changeit\nchangeit\n",
            cwd=made,
            check=True,
            capture_output=True,
            text=True,
        )
    return made
