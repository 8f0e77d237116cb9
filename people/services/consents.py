import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from people.models import Consent, Person
from people.services.permissions import require_work_in, save_clean


@transaction.atomic
def record_consent(
    person: Person, *, by: User | None, kind: str, is_given: bool, on: dt.date, source: str = ""
) -> Consent:
    """Record a yes or no and log it. Earlier consents of the kind are kept. Raises PermissionDenied."""
    require_work_in(person.branch_ids(), by)
    consent = Consent(person=person, kind=kind, is_given=is_given, on=on, source=source, recorded_by=by)
    save_clean(consent)
    answer = {"kind": consent.get_kind_display(), "answer": _("yes") if is_given else _("no")}
    detail = _("Consent: %(kind)s – %(answer)s") % answer
    record_access(by=by, kind=AccessKind.WRITE, subject=person, branch=person.home_branch_id, detail=detail)
    return consent
