"""Create and change organisations and volunteer groups."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Branch, User
from common.folding import fold
from common.journal import act
from people.models import Organisation, VolunteerGroup
from people.services.permissions import require_work_in, save_clean
from programmes.models import Programme


@act
def create_organisation(*, by: User | None, branch: Branch, **fields) -> Organisation:
    """Create an organisation of a branch. Raises PermissionDenied and ValidationError."""
    require_work_in([branch.pk], by)
    organisation = Organisation(branch=branch, **fields)
    save_clean(organisation)
    return organisation


@act
def update_organisation(organisation: Organisation, *, by: User | None, **fields) -> Organisation:
    """Change an organisation. Raises PermissionDenied and ValidationError."""
    require_work_in([organisation.branch_id], by)
    for name, value in fields.items():
        setattr(organisation, name, value)
    save_clean(organisation)
    return organisation


def find_organisations(organisations: Iterable[Organisation], names: Iterable[str]) -> dict[str, Organisation]:
    """Return name → organisation for those names that mean one of the given organisations.

    The same spelling wins; otherwise the first one whose name differs only in case, accents and blanks.
    """
    exact: dict[str, Organisation] = {}
    alike: dict[str, Organisation] = {}
    for organisation in organisations:
        exact.setdefault(organisation.name, organisation)
        alike.setdefault(fold(organisation.name), organisation)
    found = {name: exact.get(name) or alike.get(fold(name)) for name in names}
    return {name: organisation for name, organisation in found.items() if organisation}


@act
def create_group(*, by: User | None, programme: Programme, **fields) -> VolunteerGroup:
    """Create a volunteer group in a programme. Raises PermissionDenied and ValidationError."""
    require_work_in([programme.branch_id], by)
    group = VolunteerGroup(programme=programme, **fields)
    _save_group(group)
    return group


@act
def update_group(group: VolunteerGroup, *, by: User | None, **fields) -> VolunteerGroup:
    """Change a volunteer group. Raises PermissionDenied and ValidationError."""
    require_work_in([group.programme.branch_id], by)
    for name, value in fields.items():
        setattr(group, name, value)
    _save_group(group)
    return group


def _save_group(group: VolunteerGroup) -> None:
    if group.partner is not None and group.partner.branch_id != group.programme.branch_id:
        raise ValidationError({"partner": _("The partner belongs to another branch.")})
    save_clean(group)
