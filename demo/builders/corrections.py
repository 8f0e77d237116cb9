"""Corrects a day of a match in the demo, so that its history has a correction with a reason."""

import datetime as dt

from accounts.models import User
from matching.enums import MatchStatus
from matching.models import Match
from matching.services import correct_match_days
from programmes.models import Programme

REASON = "Aftalen blev underskrevet på første møde, ikke da den kom i mappen."


def correct_agreement(programme: Programme, by: User, today: dt.date) -> None:
    """Correct the day on which the agreement of the newest active match was signed."""
    rows = Match.objects.filter(programme=programme, status=MatchStatus.ACTIVE, agreement_signed_on__lte=today)
    match = rows.filter(coordinator=by).order_by("-started_on", "-pk").first()
    if match is not None:
        late = min(match.agreement_signed_on + dt.timedelta(days=3), today)
        Match.objects.filter(pk=match.pk).update(agreement_signed_on=late)  # as it was first registered
        correct_match_days(match, by=by, reason=REASON, agreement_signed_on=match.agreement_signed_on)
