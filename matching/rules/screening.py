"""Required screening checks that an enrolment lacks (CFBU criterion 4, EEPM 2)."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from matching.enums import CheckOutcome, InterviewAssessment
from matching.models import Interview, ScreeningCheck
from people.models import Enrolment
from programmes.enums import ParticipantRole, ScreeningKind
from programmes.models import ScreeningRequirement

INTERVIEWED_ROLES = [ParticipantRole.MENTOR, ParticipantRole.MENTEE]
# Interviews that a programme accepts as such.
INTERVIEWED = Q(held_on__isnull=False) & ~Q(assessment=InterviewAssessment.NOT_SUITABLE)
# The order of checks in a sentence.
CHECK_ORDER = [
    ScreeningKind.CRIMINAL_RECORD,
    ScreeningKind.CHILD_CERTIFICATE,
    ScreeningKind.REFERENCE,
    ScreeningKind.TRAINING,
    ScreeningKind.CONFIDENTIALITY,
]


class MissingCheck(NamedTuple):
    """A required kind of check that is not in place: how many are needed and how many are approved."""

    kind: str
    needed: int
    in_place: int
    blocks_match: bool

    @property
    def words(self) -> str:
        """``Straffeattest``, or ``Reference (1 af 2)`` if more than one is needed."""
        name = ScreeningKind(self.kind).label
        if self.needed == 1:
            return str(name)
        return _("%(check)s (%(have)s of %(needed)s)") % {
            "check": name,
            "have": self.in_place,
            "needed": self.needed,
        }


def missing_checks(enrolment: Enrolment) -> list[MissingCheck]:
    """Return the checks that the programme requires of an enrolment and that are not approved."""
    return missing_checks_of([enrolment])[enrolment.pk]


def missing_checks_of(enrolments: Iterable[Enrolment]) -> dict[int, list[MissingCheck]]:
    """Return the missing checks of many enrolments, by enrolment id, in two queries."""
    enrolments = list(enrolments)
    programmes = {enrolment.programme_id for enrolment in enrolments}
    requirements = list(ScreeningRequirement.objects.filter(programme__in=programmes))
    found = approved_checks(enrolments) if requirements else Counter()
    missing: dict[int, list[MissingCheck]] = {enrolment.pk: [] for enrolment in enrolments}
    for enrolment in enrolments:
        for rule in requirements:
            have = found[enrolment.pk, rule.kind]
            concerns = rule.programme_id == enrolment.programme_id and rule.role == enrolment.role
            if concerns and have < rule.count:
                missing[enrolment.pk].append(MissingCheck(rule.kind, rule.count, have, rule.blocks_match))
    return missing


def approved_checks(enrolments: Iterable[Enrolment]) -> Counter:
    """Count approved checks by enrolment id and kind."""
    rows = ScreeningCheck.objects.filter(
        Q(enrolment__in=[enrolment.pk for enrolment in enrolments]), outcome=CheckOutcome.APPROVED
    ).values_list("enrolment_id", "kind")
    return Counter(rows)


def screening_problems(enrolments: Iterable[Enrolment]) -> dict[int, str]:
    """Return, by enrolment id, a sentence for each enrolment that lacks a check required before a match."""
    enrolments = list(enrolments)
    missing = missing_checks_of(enrolments)
    found = {}
    for enrolment in enrolments:
        blocking = [check.words for check in missing[enrolment.pk] if check.blocks_match]
        if blocking:
            found[enrolment.pk] = _("%(name)s lacks: %(checks)s. Register it first.") % {
                "name": enrolment.person.name,
                "checks": ", ".join(blocking),
            }
    return found


def interviewed_of(enrolment_ids: Iterable[int]) -> set[int]:
    """Return the ids of those enrolments whose people were interviewed and not found unsuited."""
    rows = Interview.objects.filter(INTERVIEWED, enrolment__in=enrolment_ids)
    return set(rows.order_by().values_list("enrolment_id", flat=True))
