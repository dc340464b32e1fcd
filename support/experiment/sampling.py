"""What the payloads of a run imitate."""

from __future__ import annotations

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
        """Samples the CDC topics if the settings want it. Raises StackError without an event."""
        if self._settings.payloads != "sampled":
            return
        theirs = team_of(stack).filled_topics if stack.shared else ()
        topics = theirs or stack.baseline.cdc_topics
        self.seen = sample(stack.endpoints.kafka, topics, self._settings.seed)
        progress.say(f"payloads have the sizes and the compressibility of {self.seen.described}")
