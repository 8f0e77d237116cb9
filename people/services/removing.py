"""Remove a person who was created by mistake, while nothing but the intake has made records about them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.enums import AccessKind
from accounts.models import User
from accounts.services import record_access
from common import clock
from common.journal import act, delete
from people.models import Consent, DistinctPeople, Enrolment, LanguageSkill, Person
from people.services.merging import foreign_keys_to
from people.services.permissions import require_work_in

# What an intake makes, and what is no more than a detail of it.
OF_INTAKE = {Enrolment, LanguageSkill, Consent, DistinctPeople, Enrolment.terms.through, Enrolment.groups.through}


class RemovalRefused(ValidationError):
    """The person cannot be removed. The message says why and what to do instead."""


@act
def remove_person(person: Person, *, by: User) -> None:
    """Delete a person whom the user created by mistake today, and log it. The case number is not used again.

    Raises PermissionDenied, and RemovalRefused if another user or another day created the person, or if records refer
    to the person.
    """
    person = Person.objects.select_for_update().filter(pk=person.pk).first()
    if person is None:
        raise RemovalRefused(_("The person was removed already."))
    require_work_in([person.home_branch_id], by)
    if refusal := removal_refusal(person, by):
        raise RemovalRefused(refusal)
    record_access(
        by=by, kind=AccessKind.WRITE, subject=person, branch=person.home_branch_id, code="person_removed", values={}
    )
    delete(person)


def is_own_of_today(person: Person, user: User) -> bool:
    """Whether the user created the person today. No query."""
    return person.created_by_id == user.pk and timezone.localdate(person.created_at) == clock.today()


def removal_refusal(person: Person, user: User) -> str:
    """Return why the user cannot remove a person, as a sentence, or an empty text."""
    if not is_own_of_today(person, user):
        return _("Only the user who created a person can remove them, on the same day. Merge the two cases instead.")
    if record := _record_about(person):
        words = {"name": person.name, "record": capfirst(record._meta.verbose_name)}
        return _("%(name)s cannot be removed any more: %(record)s is registered. Merge the two cases instead.") % words
    return ""


def _record_about(record: models.Model) -> models.Model | None:
    """Return a record that refers to a person or enrolment and that no intake makes."""
    for field in foreign_keys_to(type(record)):
        rows = field.model._base_manager.filter(**{field.name: record.pk})
        if field.model not in OF_INTAKE:
            found = rows.first()
        elif field.model is Enrolment:
            found = next(filter(None, map(_record_about, rows)), None)
        else:
            found = None
        if found:
            return found
    return None
