"""Short texts about people, enrolments and consents, the same in lists, exports and on pages."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from common import clock
from common.templatetags.danish import danish_date
from people.enums import OPEN_STATUSES, ConsentKind, EnrolmentStatus, Gender, LanguageLevel, PersonStateKind, TermKind
from people.models import Enrolment, Person, Term
from programmes.enums import ParticipantRole

# The match state whose ring is shown for an enrolment's status.
RINGS = {
    EnrolmentStatus.WAITING: "waiting",
    EnrolmentStatus.MATCHED: "active",
    EnrolmentStatus.PAUSED: "paused",
    EnrolmentStatus.ENDED: "ended",
    EnrolmentStatus.DECLINED: "declined",
}
# Roles without a waiting list: an application is enough.
SIMPLE_ROLES = (ParticipantRole.CONTACT, ParticipantRole.VOLUNTEER)


def main_enrolment(enrolments: Iterable[Enrolment], role: str = "") -> Enrolment | None:
    """Return the enrolment that a list or page shows: in the role asked for, else an open one, else the newest."""
    ranked = sorted(
        enrolments,
        key=lambda row: (row.role == role, row.status in OPEN_STATUSES, row.applied_on is not None, row.pk),
        reverse=True,
    )
    return ranked[0] if ranked else None


def state_words(person: Person) -> str:
    """Return the state of a person as text, such as ``død 3. maj 2011``, or an empty text."""
    return words_of_state(person.state, person.state_on) if person.state else ""


def words_of_state(kind: str, on: dt.date) -> str:
    """Return a state as text. Only a death needs its day."""
    if kind == PersonStateKind.DIED:
        return _("died %(day)s") % {"day": danish_date(on, "year")}
    return _("moved away") if kind == PersonStateKind.MOVED else _("wants no contact")


def name_with_state(person: Person) -> str:
    """Return the name, with the state if there is one: ``Ali Hassan (død 3. maj 2011)``."""
    return f"{person.name} ({state_words(person)})" if person.state else person.name


def status_words(enrolment: Enrolment) -> str:
    """Return the status as text, such as ``På venteliste`` for a mentee and ``Klar til match`` for a mentor."""
    if enrolment.role in SIMPLE_ROLES and enrolment.status == EnrolmentStatus.APPLIED:
        return enrolment.get_role_display()
    if enrolment.role == ParticipantRole.MENTOR and enrolment.status == EnrolmentStatus.WAITING:
        return _("Ready to be matched")
    return enrolment.get_status_display()


def pause_words(enrolment: Enrolment) -> str:
    """Return ``På pause til 1. oktober``, or ``På pause`` if the end is not known."""
    return pause_until_words(enrolment.paused_until)


def pause_until_words(until: dt.date | None) -> str:
    """Return that a person or a match is on pause until a day, which may be over, or is not known."""
    if until is None:
        return _("On pause")
    is_over = until < clock.today()
    words = _("On pause, was expected until %(day)s") if is_over else _("On pause until %(day)s")
    return words % {"day": danish_date(until)}


def role_plural(enrolment: Enrolment) -> str:
    words = {
        ParticipantRole.MENTEE: _("Mentees"),
        ParticipantRole.MENTOR: _("Mentors"),
        ParticipantRole.CONTACT: _("Contact persons"),
        ParticipantRole.VOLUNTEER: _("Volunteers"),
    }
    return words.get(enrolment.role) or enrolment.get_role_display()


def level_words(skill) -> str:
    """Return level and note of a language, such as ``Godt (Prøve i Dansk 2)``."""
    return f"{skill.get_level_display()} ({skill.note})" if skill.note else skill.get_level_display()


def has_preferences(enrolment: Enrolment) -> bool:
    words = enrolment.terms_by_kind
    return bool(
        other_wished(enrolment)
        or enrolment.availability_note
        or enrolment.available_from
        or words[TermKind.TIME]
        or words[TermKind.AREA]
        or enrolment.role == ParticipantRole.MENTOR
    )


def other_wished(enrolment: Enrolment) -> str:
    """Return the wishes about the other side of a match, such as ``Helst en kvinde, mindst 45 år``."""
    whom = {Gender.WOMAN: _("a woman"), Gender.MAN: _("a man")}.get(enrolment.preferred_gender, "")
    parts = []
    if whom:
        words = _("Only %(whom)s") if enrolment.gender_is_required else _("Preferably %(whom)s")
        parts.append(words % {"whom": whom})
    ages = {"low": enrolment.min_age, "high": enrolment.max_age}
    if enrolment.min_age and enrolment.max_age:
        parts.append(_("%(low)s–%(high)s years old") % ages)
    elif enrolment.min_age:
        parts.append(_("at least %(low)s years old") % ages)
    elif enrolment.max_age:
        parts.append(_("at most %(high)s years old") % ages)
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def times_words(terms: list[Term]) -> str:
    """Return the times as text, such as ``Hverdage efter kl. 16 og lørdag``."""
    names = [term.name for term in terms]
    return _joined([*names[:1], *(name[:1].lower() + name[1:] for name in names[1:])], _(" and "))


def places_words(terms: list[Term]) -> str:
    """Return the areas as text, such as ``Tingbjerg eller Brønshøj``."""
    return _joined([term.name for term in terms], _(" or "))


def _joined(words: list[str], last: str) -> str:
    return last.join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def consent_words(consent, role: str = "") -> str:
    """Return the kind of consent as the page says it to a role."""
    if consent.kind == ConsentKind.SHARE and role == ParticipantRole.MENTOR:
        return _("Share wishes with the mentee")
    return consent.get_kind_display()


def topics_words(enrolment: Enrolment | None) -> str:
    """Return the topics and industries of an enrolment, joined by commas."""
    if enrolment is None:
        return ""
    words = enrolment.terms_by_kind
    return ", ".join(term.name for term in [*words[TermKind.TOPIC], *words[TermKind.INDUSTRY]])


def areas_words(enrolment: Enrolment | None) -> str:
    return ", ".join(term.name for term in enrolment.terms_by_kind[TermKind.AREA]) if enrolment else ""


def languages_words(person: Person) -> str:
    """Return the languages as text, such as ``somali, lidt dansk``. Only a weak level is named."""
    words = [
        _("a little %(language)s") % {"language": skill.language.name.lower()}
        if skill.level == LanguageLevel.SOME
        else skill.language.name.lower()
        for skill in person.spoken
    ]
    return ", ".join(words)


def gender_and_age(person: Person) -> str:
    """Return gender and age as text, such as ``Kvinde, 34 år``."""
    age = person.age_on(clock.today())
    parts = [person.get_gender_display()] if person.gender != Gender.UNKNOWN else []
    if age is not None:
        parts.append(_("%(age)s years old") % {"age": age})
    return ", ".join(parts)


def days_waited(enrolment: Enrolment | None) -> int | None:
    """Return the days on the waiting list until today, or None unless the person waits."""
    if enrolment is None or enrolment.status != EnrolmentStatus.WAITING or not enrolment.wait_counted_from:
        return None
    return (clock.today() - enrolment.wait_counted_from).days
