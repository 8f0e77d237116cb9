"""The hard rules for a pair: named conditions under which a mentor cannot be matched with a mentee, each once.

The ranking evaluates them for all mentors of a programme at once, and a service for one pair: ``excludes`` gets columns
(arrays) or single values. A mentor is excluded by the first condition of the list that applies.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from common.templatetags.danish import danish_date
from matching.rules.screening import screening_problems
from matching.words import gender_words, given_name
from people.enums import EnrolmentStatus, Gender
from people.models import Enrolment, Person
from people.services.permissions import state_sentence
from programmes.enums import ParticipantRole, ScreeningKind
from programmes.models import Programme, ScreeningRequirement

MAX_WAIT_DAYS = 90  # a mentor who is free later than this is excluded
# Genders that a required gender excludes for certain; others count as not known.
OPPOSITE = {Gender.MAN: Gender.WOMAN, Gender.WOMAN: Gender.MAN}

Column = Any  # a value of one mentor, or an array of the values of many


@dataclass(frozen=True)
class Mentors:
    """What the conditions ask about a mentor, or about many. Unknown texts are empty; days are ordinals.

    ``checks`` are the numbers of approved checks by kind, ``open_matches`` those of all programmes, ``state`` is the
    state of the person: died, moved away, wants no contact.
    """

    people: Column
    gender: Column
    wished_gender: Column
    gender_is_required: Column
    status: Column
    available_from: Column
    is_interviewed: Column
    checks: Mapping[str, Column]
    open_matches: Column
    capacity: Column
    state: Column


@dataclass(frozen=True)
class Mentee:
    """A mentee on a day, with the checks that the programme requires of a mentor before a match."""

    enrolment: Enrolment
    on: dt.date
    required_checks: Sequence[ScreeningRequirement] = field(default_factory=list, kw_only=True)

    @property
    def person(self) -> Person:
        return self.enrolment.person

    @property
    def programme(self) -> Programme:
        return self.enrolment.programme

    @property
    def first_name(self) -> str:
        return given_name(self.person)

    @property
    def wished_gender(self) -> str:
        wish = self.enrolment.preferred_gender
        return "" if wish == Gender.UNKNOWN else wish

    @property
    def required_gender(self) -> str:
        """The gender that the mentor must have, or an empty text."""
        return self.wished_gender if self.enrolment.gender_is_required else ""


def checks_before_match(programme: Programme) -> list[ScreeningRequirement]:
    """Return the checks that a programme requires of a mentor before a match."""
    rules = programme.screening_requirements.filter(role=ParticipantRole.MENTOR, blocks_match=True)
    return list(rules.order_by("kind"))


class Condition(NamedTuple):
    """A hard rule and its words.

    ``excludes(mentors, mentee)`` returns where it applies. ``short(mentee)`` is written after a mentor's name, and
    ``counted(count, mentee)`` is the rule with the number of mentors: ``18 kvinder (Ali ønsker en mand)``.
    ``refusal(mentor, mentee)`` is the sentence of a service about two enrolments, with what to do first.
    """

    name: str
    excludes: Callable[[Mentors, Mentee], Column]
    short: Callable[[Mentee], str]
    counted: Callable[[int, Mentee], str]
    refusal: Callable[[Enrolment, Enrolment], str] = lambda _mentor, _mentee: ""


# ---------------------------------------------------------------- who the two are


def _only_with(asking: Enrolment) -> str:
    return _("%(name)s will only be matched with %(wish)s. Change the wish first, or choose another person.") % {
        "name": asking.person.name,
        "wish": gender_words(asking.preferred_gender),
    }


def _counted_of_the_opposite(count: int, mentee: Mentee) -> str:
    words = {"count": count, "name": mentee.first_name}
    if mentee.required_gender == Gender.MAN:
        women = ngettext(
            "%(count)s woman (%(name)s asks for a man)", "%(count)s women (%(name)s asks for a man)", count
        )
        return women % words
    men = ngettext("%(count)s man (%(name)s asks for a woman)", "%(count)s men (%(name)s asks for a woman)", count)
    return men % words


def _short_of_the_opposite(mentee: Mentee) -> str:
    is_man = mentee.required_gender == Gender.MAN
    words = _("%(name)s asks for a man") if is_man else _("%(name)s asks for a woman")
    return words % {"name": mentee.first_name}


def wishes_another_gender(mentors: Mentors, mentee: Mentee) -> Column:
    """Return which mentors wish a gender that the mentee does not have, or is not known to have."""
    wish = mentors.wished_gender
    return (wish != "") & (wish != str(Gender.UNKNOWN)) & (wish != str(mentee.person.gender))


SAME_PERSON = Condition(
    "same_person",
    lambda mentors, mentee: mentors.people == mentee.person.pk,
    lambda _mentee: pgettext("hard rule", "is the mentee"),
    lambda _count, mentee: _("%(name)s, who is a mentor as well") % {"name": mentee.first_name},
    lambda _mentor, _mentee: _("A person cannot be their own mentor."),
)
HAS_STATE = Condition(
    "has_state",
    lambda mentors, _mentee: mentors.state != "",
    lambda _mentee: pgettext("hard rule", "has died, moved away or wants no contact"),
    lambda count, _mentee: (
        ngettext(
            "%(count)s who has died, moved away or wants no contact",
            "%(count)s who have died, moved away or want no contact",
            count,
        )
        % {"count": count}
    ),
    lambda mentor, _mentee: state_sentence(mentor.person),
)
OPPOSITE_GENDER = Condition(
    "opposite_gender",
    lambda mentors, mentee: (
        (mentors.gender == str(OPPOSITE.get(mentee.required_gender, ""))) & bool(mentee.required_gender)
    ),
    _short_of_the_opposite,
    _counted_of_the_opposite,
    lambda _mentor, mentee: _only_with(mentee),
)
GENDER_NOT_KNOWN = Condition(
    "gender_not_known",
    lambda mentors, mentee: (mentors.gender != str(mentee.required_gender)) & bool(mentee.required_gender),
    lambda _mentee: pgettext("hard rule", "gender another or not known"),
    lambda count, _mentee: _("%(count)s whose gender is another or not known") % {"count": count},
    lambda _mentor, mentee: _only_with(mentee),
)
MENTORS_GENDER = Condition(
    "mentors_gender",
    lambda mentors, mentee: mentors.gender_is_required & wishes_another_gender(mentors, mentee),
    lambda _mentee: pgettext("hard rule", "asks for a mentee of another gender"),
    lambda count, _mentee: (
        ngettext("%(count)s asks for another gender", "%(count)s ask for another gender", count) % {"count": count}
    ),
    lambda mentor, _mentee: _only_with(mentor),
)

# ---------------------------------------------------------------- screening


def interview_words(enrolment: Enrolment) -> str:
    """Return the sentence about a required interview that was not held."""
    return _("%(name)s has not been interviewed. Register the interview first.") % {"name": enrolment.person.name}


NOT_INTERVIEWED = Condition(
    "not_interviewed",
    lambda mentors, mentee: (mentors.is_interviewed == False) & mentee.programme.requires_interview,  # noqa: E712
    lambda _mentee: pgettext("hard rule", "not interviewed yet"),
    lambda count, _mentee: _("%(count)s not interviewed") % {"count": count},
    lambda mentor, _mentee: interview_words(mentor),
)


def missing_check(check: ScreeningRequirement) -> Condition:
    """Return the condition that a required check is not in place. The refusal names all missing checks."""
    name = str(ScreeningKind(check.kind).label).lower()
    return Condition(
        f"missing_{check.kind}",
        lambda mentors, _mentee: mentors.checks.get(check.kind, 0 * mentors.open_matches) < check.count,
        lambda _mentee: _("lacks: %(check)s") % {"check": name},
        lambda count, _mentee: _("%(count)s without %(check)s") % {"count": count, "check": name},
        lambda mentor, _mentee: screening_problems([mentor]).get(mentor.pk, ""),
    )


# ---------------------------------------------------------------- whether the mentor is free


def status_words(enrolment: Enrolment) -> str:
    """Return the sentence about an enrolment that is paused, ended or declined."""
    return _("%(name)s has the status: %(status)s. Change the status on the person's page first.") % {
        "name": enrolment.person.name,
        "status": enrolment.get_status_display(),
    }


def is_full(open_matches: Column, capacity: Column) -> Column:
    """Return whether a mentor's open matches use up the capacity."""
    return open_matches >= capacity


NO_PLACE = Condition(
    "no_place",  # a reason lifts it, so the services word it themselves
    lambda mentors, _mentee: is_full(mentors.open_matches, mentors.capacity),
    lambda _mentee: pgettext("hard rule", "no free place"),
    lambda count, _mentee: _("%(count)s without a free place") % {"count": count},
)
CLOSED = Condition(
    "closed",
    lambda mentors, _mentee: (
        (mentors.status == str(EnrolmentStatus.PAUSED))
        | (mentors.status == str(EnrolmentStatus.ENDED))
        | (mentors.status == str(EnrolmentStatus.DECLINED))
    ),
    lambda _mentee: pgettext("hard rule", "on pause"),
    lambda count, _mentee: _("%(count)s on pause") % {"count": count},
    lambda mentor, _mentee: status_words(mentor),
)
FREE_LATER = Condition(
    "free_later",
    lambda mentors, mentee: mentors.available_from > mentee.on.toordinal() + MAX_WAIT_DAYS,
    lambda _mentee: pgettext("hard rule", "not free within three months"),
    lambda count, _mentee: _("%(count)s not free within three months") % {"count": count},
    lambda mentor, _mentee: (
        _("%(name)s is not free until %(day)s. Change the day first, or choose another person.")
        % {"name": mentor.person.name, "day": danish_date(mentor.available_from)}
    ),
)


def conditions_for(mentee: Mentee) -> list[Condition]:
    """Return the conditions that can exclude a mentor, in the order in which they count."""
    return [
        SAME_PERSON,
        HAS_STATE,
        OPPOSITE_GENDER,
        GENDER_NOT_KNOWN,
        MENTORS_GENDER,
        NOT_INTERVIEWED,
        *map(missing_check, mentee.required_checks),
        NO_PLACE,
        CLOSED,
        FREE_LATER,
    ]
