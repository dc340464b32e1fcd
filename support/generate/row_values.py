"""Makes the values of rows: ids and versions that are never used again, and random contents.

The contents resemble those of an application's tables. Names and addresses are unique. A comment
refers to a user and a video that are seed rows, which are never changed: so no delete violates a
foreign key.
"""

from __future__ import annotations

import random

from support.generate.tables import SEED_ROWS

LARGE = 20_000
"""Characters of a value that PostgreSQL stores out of line (TOAST)."""
WORDS = ("zażółć", "größe", "日本語", "émoji 🎬", "plain", "tab\tand\nline", 'quote " and \\', "")
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


class RowValues:
    """Makes values with `randomness`; new ids are greater than `first_id`."""

    def __init__(self, randomness: random.Random, first_id: int) -> None:
        self._random = randomness
        self._last_id, self._last_version = first_id, 1

    def row(self, table: str) -> tuple[object, ...]:
        """Returns a new row of a table, in the order of its COLUMNS."""
        version = self.fresh_version()
        return (self.fresh_id(), *self.contents(table, version), version)

    def contents(self, table: str, version: int) -> tuple[object, ...]:
        """Returns values for the columns between key and version."""
        text = f"{self._random.choice(WORDS)} {version}"
        number = self._random.randrange(1, 10_000)
        if table == "videos":
            return text, self._random.choice([None, text, self._large()]), number
        if table == "users":
            return text, f"{version}.{number}@example.org"
        parents = self._random.randint(1, SEED_ROWS), self._random.randint(1, SEED_ROWS)
        return *parents, self._large() if self._random.random() < 0.1 else text

    def fresh_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def fresh_version(self) -> int:
        self._last_version += 1
        return self._last_version

    def _large(self) -> str:
        return "".join(self._random.choices(ALPHABET, k=LARGE))
