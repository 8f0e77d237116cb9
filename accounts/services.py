"""Every write of the accounts app."""

from django.db import models, transaction

from accounts.enums import AccessKind
from accounts.models import AccessRecord, Branch, User


@transaction.atomic
def record_access(
    *,
    by: User | None,
    kind: AccessKind | str,
    subject: models.Model | str,
    branch: Branch | int | None = None,
    detail: str = "",
    count: int = 1,
) -> AccessRecord:
    """Log that ``by`` read, searched, exported or changed personal data.

    ``subject`` is the record itself or, for lists, the model's label ("people.person").
    """
    is_record = isinstance(subject, models.Model)
    record = AccessRecord(
        user=by,
        branch_id=branch if isinstance(branch, int) else getattr(branch, "pk", None),
        kind=kind,
        subject=subject._meta.label_lower if is_record else subject,
        subject_id=subject.pk if is_record else None,
        case_number=getattr(subject, "case_number", "") if is_record else "",
        detail=detail[:500],
        count=count,
    )
    record.full_clean(exclude=["user", "branch", "subject_id"], validate_unique=False, validate_constraints=False)
    record.save()
    return record
