"""What can go wrong, told so that the reader knows what to do next."""

from __future__ import annotations


class Explained(Exception):
    """An error with everything its reader needs: what failed, what was seen, what to do.

    Raised for every foreseeable trouble; printed as it stands, without a traceback.
    """

    def __init__(
        self, what: str, *, seen: str = "", wanted: str = "", cause: str = "", then: str = ""
    ) -> None:
        self.what = what
        parts = (("seen", seen), ("wanted", wanted), ("likely cause", cause), ("next", then))
        told = [f"  {label}: {text}" for label, text in parts if text]
        super().__init__("\n".join([what, *told]))


class SettingsError(Explained):
    """A setting that does not exist, has the wrong type or an impossible value."""


class StackError(Explained):
    """The system under test could not be fetched, started, reached or stopped."""


class NotInTime(Explained):
    """Something awaited did not happen within its patience."""


class Inconclusive(Explained):
    """A measurement that does not prove what it claims: neither PASS nor FAIL."""


class RunInProgress(Explained):
    """Another run holds this clone's stack."""


class PromiseBroken(AssertionError):
    """A check that a scenario promises has failed.

    The only exception that makes a scenario FAIL; any other one makes it INCONCLUSIVE.
    """


class Unavailable(Explained):
    """What a scenario needs is not to be had here: it is skipped, with this as the reason."""
