"""The sample of real values that the payloads of a run imitate."""

from __future__ import annotations

from support.clients.broker import BrokerClient
from support.errors import StackError
from support.experiment.team import team_of
from support.progress import Progress
from support.read.sample import sample
from support.record.sampled_payloads import SampledPayloads
from support.settings import Settings
from support.stack.lifecycle import Stack


class Sampling:
    """The sample of a run; `seen` is None before take(), and where none is wanted."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.seen: SampledPayloads | None = None

    def take(self, stack: Stack, progress: Progress) -> None:
        """Samples the CDC topics if the settings want it, and the run sends payloads.

        Raises StackError without a topic or an event.
        """
        if self._settings.payloads != "sampled" or self._settings.read_only:
            return
        topics = _topics_of_team(stack) if stack.shared else stack.baseline.cdc_topics
        self.seen = sample(stack.endpoints.kafka, topics, self._settings.seed)
        progress.say(f"payloads have the sizes and the compressibility of {self.seen.described}")


def _topics_of_team(stack: Stack) -> tuple[str, ...]:
    """Returns the existing topics of the team's tables. Raises StackError if there is none."""
    team, existing = team_of(stack), BrokerClient(stack.endpoints.kafka).topics()
    topics = tuple(topic for topic in team.topics if topic in existing)
    if not topics:
        raise StackError(
            "No topic of the team's connectors exists from which payloads could be sampled.",
            seen="; ".join(team.unmapped) or f"missing: {', '.join(team.topics) or 'any table'}",
            cause="a connector that does not run yet, or topics that this client may not describe",
            then="leave -D payloads=sampled out, or run it once the topics carry events",
        )
    return topics
