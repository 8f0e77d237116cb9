"""Screening: that a check was made, never the certificate itself."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from matching.enums import CheckOutcome
from matching.models import ScreeningCheck
from matching.services.base import log_write
from matching.services.refusals import refuse_future
from people.models import Enrolment


@transaction.atomic
def record_check(
    enrolment: Enrolment, *, by: User, kind: str, outcome: str, checked_on: dt.date | None = None, note: str = ""
) -> ScreeningCheck:
    """Record a check. One that was under way is settled; otherwise a row is added (two references are two rows)."""
    if checked_on:
        refuse_future(checked_on, "checked_on")
    under_way = enrolment.checks.select_for_update().filter(kind=kind, outcome=CheckOutcome.PENDING).first()
    check = under_way or ScreeningCheck(enrolment=enrolment, kind=kind)
    check.outcome, check.checked_on, check.note, check.assessor = outcome, checked_on, note, by
    check.full_clean()
    check.save()
    detail = _("Check: %(kind)s") % {"kind": check.get_kind_display()}
    log_write(enrolment.person, by=by, branch_id=enrolment.programme.branch_id, detail=detail)
    return check
