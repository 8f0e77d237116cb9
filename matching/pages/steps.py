"""The steps of a match by what happened: a match becomes active by its first meeting, by going on, or by reopening."""

from collections.abc import Iterable, Iterator

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from matching.enums import MatchStatus
from matching.models import MatchStep


class StepKind(models.TextChoices):
    """What happened at a step."""

    PROPOSED = "proposed", _("Proposed")
    INTRODUCED = "introduced", _("First meeting arranged for")
    STARTED = "started", _("First meeting")
    PAUSED = "paused", pgettext_lazy("event", "Set on pause")
    RESUMED = "resumed", pgettext_lazy("event", "Resumed")
    ENDED = "ended", _("Ended")
    REOPENED = "reopened", pgettext_lazy("event", "Reopened")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_ACTIVE_AFTER = {MatchStatus.PAUSED: StepKind.RESUMED, MatchStatus.ENDED: StepKind.REOPENED}


def steps_with_kinds(steps: Iterable[MatchStep]) -> Iterator[tuple[MatchStep, StepKind]]:
    """Yield the steps of one or more matches, in the order of their acts, each with what happened."""
    last: dict[int, str] = {}  # status by match
    for step in sorted(steps, key=lambda step: step.pk):
        before = last.get(step.match_id, "")
        last[step.match_id] = step.status
        if step.status == MatchStatus.ACTIVE:
            yield step, _ACTIVE_AFTER.get(before, StepKind.STARTED)
        else:
            yield step, StepKind(step.status)
