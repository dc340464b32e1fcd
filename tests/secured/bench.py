"""Makes inputs for the secured stack that differ in one thing from those that work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.secured.certificates import Authority
from tests.secured.place import write_private
from tests.secured.stack import SecuredStack
from tests.secured.stand_in import stand_in

WRONG = "Wr0ng-P4ssword-7391"
"""In no message, as every other password."""


@dataclass(frozen=True)
class Change:
    """Differences from the right input: `-D` pairs and variables, which win."""

    pairs: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(part for key, value in self.pairs.items() for part in ("-D", f"{key}={value}"))


@dataclass(frozen=True)
class Bench:
    """The parts that bad inputs are made of."""

    stack: SecuredStack
    folder: Path
    stranger: Authority
    """An authority that nobody trusts."""
    open: ExitStack

    def client(self, **changes: str) -> str:
        """A client_config with other properties (`_` for `.`); an empty one is left out."""
        lines = self.stack.client_config.read_text().splitlines()
        pairs = dict(line.split("=", 1) for line in lines)
        pairs |= {key.replace("_", "."): value for key, value in changes.items()}
        text = "".join(f"{key}={value}\n" for key, value in pairs.items() if value)
        path = self.folder / f"client-{len(list(self.folder.iterdir()))}.properties"
        return str(write_private(path, text))

    def listener(self, name: str) -> str:
        return self.stack.brokers.bootstrap(name)

    def database(self, old: str, new: str) -> Change:
        """The right URI with a part replaced."""
        assert old in self.stack.database
        return Change({"database": self.stack.database.replace(old, new)})

    def served(self, certificate: Path | None, *, postgres: bool = False) -> int:
        return self.open.enter_context(stand_in(certificate, postgres=postgres))


@contextmanager
def bench(stack: SecuredStack, folder: Path) -> Iterator[Bench]:
    """Yields what is needed to make bad inputs; ends the servers among them."""
    with ExitStack() as opened:
        yield Bench(stack, folder, Authority(folder, "stranger"), opened)
