"""Create and change volunteer groups."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from people.models import VolunteerGroup
from people.services.permissions import require_work_in, save_clean
from programmes.models import Programme


@transaction.atomic
def create_group(*, by: User | None, programme: Programme, **fields) -> VolunteerGroup:
    """Create a volunteer group in a programme. Raises PermissionDenied and ValidationError."""
    require_work_in([programme.branch_id], by)
    group = VolunteerGroup(programme=programme, **fields)
    _save(group)
    return group


@transaction.atomic
def update_group(group: VolunteerGroup, *, by: User | None, **fields) -> VolunteerGroup:
    """Change a volunteer group. Raises PermissionDenied and ValidationError."""
    require_work_in([group.programme.branch_id], by)
    for name, value in fields.items():
        setattr(group, name, value)
    _save(group)
    return group


def _save(group: VolunteerGroup) -> None:
    if group.partner is not None and group.partner.branch_id != group.programme.branch_id:
        raise ValidationError({"partner": _("The partner belongs to another branch.")})
    save_clean(group)
