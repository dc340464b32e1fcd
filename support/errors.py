"""The errors of the suite. Their messages say what to do next."""

from __future__ import annotations


class Explained(Exception):
    """An error with everything that its reader needs: what failed, what was seen, what to do.

    Raised for every foreseeable error, and printed without a traceback.
    """

    def __init__(
        self, what: str, *, seen: str = "", wanted: str = "", cause: str = "", then: str = ""
    ) -> None:
        self.what, self.cause, self.then = what, cause, then
        parts = (("seen", seen), ("wanted", wanted), ("likely cause", cause), ("next", then))
        lines = [f"  {label}: {text}" for label, text in parts if text]
        super().__init__("\n".join([what, *lines]))


class SettingsError(Explained):
    """A setting that does not exist, has the wrong type or an impossible value."""


class StackError(Explained):
    """The system under test could not be fetched, started, reached or stopped."""


class NotInTime(Explained):
    """Something did not happen in time."""


class Inconclusive(Explained):
    """A measurement that proves neither PASS nor FAIL."""


class RunInProgress(Explained):
    """Another run uses this clone's stack."""


class PromiseBroken(AssertionError):
    """A check that a scenario promises has failed.

    The only exception that makes a scenario FAIL; any other one makes it INCONCLUSIVE.
    """


class Unavailable(Explained):
    """The target lacks what a scenario needs: the scenario is skipped, with this as the reason."""


def words_of(error: BaseException | None) -> str:
    """Returns an error's message, or its type where it has none; empty without an error."""
    return "" if error is None else str(error) or type(error).__name__
