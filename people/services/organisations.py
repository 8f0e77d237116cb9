from django.db import transaction

from accounts.models import Branch, User
from people.models import Organisation
from people.services.permissions import require_work_in, save_clean


@transaction.atomic
def create_organisation(*, by: User | None, branch: Branch, **fields) -> Organisation:
    """Create an organisation of a branch. Raises PermissionDenied and ValidationError."""
    require_work_in([branch.pk], by)
    organisation = Organisation(branch=branch, **fields)
    save_clean(organisation)
    return organisation


@transaction.atomic
def update_organisation(organisation: Organisation, *, by: User | None, **fields) -> Organisation:
    """Change an organisation. Raises PermissionDenied and ValidationError."""
    require_work_in([organisation.branch_id], by)
    for name, value in fields.items():
        setattr(organisation, name, value)
    save_clean(organisation)
    return organisation
