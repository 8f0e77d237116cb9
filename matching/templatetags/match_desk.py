"""Words of the match desk about mentees and mentors."""

from django import template
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from common import clock
from common.templatetags.danish import danish_date, danish_number
from matching.models import Match
from matching.pages.waiting_list import sought_words, spoken_words
from matching.ranking import RankedMentor
from matching.ranking.candidate import Candidate
from matching.ranking.seeker import DANISH, Seeker
from matching.ranking.words import age_span
from matching.services.refusals import second_match_refusal
from matching.words import capital, gender_words, joined, lower_first
from people.enums import Gender, LanguageLevel, TermKind
from people.models import Enrolment, Person

register = template.Library()

MAX_IN_LINE = 2
MAX_OWN_WORDS = 140  # letters in a row of the ranking; the comparison shows all
DAYS_OF_MONTH = 30.44


@register.filter
def days_since(day) -> int:
    """Return the days from a day until today."""
    return (clock.today() - day).days


def _language(name: str, level: str) -> str:
    """Return ``somali``, ``lidt dansk``, ``godt dansk``: *good* is written for Danish only."""
    name = lower_first(name)
    if level == LanguageLevel.SOME:
        return _("a little %(language)s") % {"language": name}
    if level == LanguageLevel.GOOD and name == lower_first(DANISH):
        return _("good %(language)s") % {"language": name}
    return name


@register.filter
def desk_line(enrolment: Enrolment) -> str:
    """Return what a waiting mentee seeks and speaks: ``Byggeri, praktik · somali, lidt dansk``."""
    sought = sought_words(enrolment)[:MAX_IN_LINE]
    spoken = [_language(name, level if level == LanguageLevel.SOME else "") for name, level in spoken_words(enrolment)][
        : MAX_IN_LINE + 1
    ]
    wish = ", ".join(lower_first(word) for word in sought)
    return " · ".join(filter(None, [capital(wish), ", ".join(spoken)]))


@register.filter
def desk_facts(enrolment: Enrolment) -> str:
    """Return ``T-2011-009 · mand, 27 år · Tingbjerg``."""
    person = enrolment.person
    return " · ".join(filter(None, [person.case_number, _gender_and_age(person), person.town]))


def _gender_and_age(person: Person) -> str:
    """Return ``mand, 27 år``."""
    age = person.age_on(clock.today())
    gender = "" if person.gender == Gender.UNKNOWN else person.get_gender_display().lower()
    return ", ".join(filter(None, [gender, _("%(age)s years") % {"age": age} if age is not None else ""]))


@register.filter
def desk_sought(seeker: Seeker) -> str:
    """Return what the mentee seeks, as sentences: the mentee's own words, otherwise the terms."""
    enrolment = seeker.enrolment
    words = [term.name for kind in (TermKind.TOPIC, TermKind.INDUSTRY) for term in seeker.terms[kind].values()]
    parts = [enrolment.wish.strip() or capital(", ".join(lower_first(word) for word in words))]
    parts.append(_gender_wish(enrolment))
    parts.append(capital(", ".join(lower_first(term.name) for term in seeker.terms[TermKind.TIME].values())))
    parts.append(enrolment.availability_note.strip())
    spoken = [_language(name, level) for name, level in spoken_words(enrolment)]
    parts.append(capital(joined(spoken)) if spoken else "")
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)


def _gender_wish(enrolment: Enrolment) -> str:
    wishes = {
        (Gender.MAN, True): _("Asks for a man"),
        (Gender.WOMAN, True): _("Asks for a woman"),
        (Gender.MAN, False): _("Would like a man"),
        (Gender.WOMAN, False): _("Would like a woman"),
    }
    return wishes.get((enrolment.preferred_gender, enrolment.gender_is_required), "")


@register.filter
def desk_mentor_facts(mentor: Candidate) -> str:
    """Return ``mand, 52 år · 1 af 2 pladser fri``."""
    return " · ".join(filter(None, [_gender_and_age(mentor.person), _free_places(mentor)]))


def _free_places(mentor: Candidate) -> str:
    free, capacity = mentor.free_places, mentor.capacity
    words = {"free": danish_number(free), "room": danish_number(capacity)}
    if free < capacity:
        return ngettext("%(free)s of %(room)s place free", "%(free)s of %(room)s places free", capacity) % words
    return ngettext("%(free)s place free", "%(free)s places free", free) % words


@register.filter
def desk_mentor_wishes(mentor: Candidate) -> list[str]:
    """Return what a mentor offers and wishes: ``Tilbyder lektier``, ``Ønsker en mentee på 20–30 år``, ``»Jeg …«``."""
    offered = ", ".join(lower_first(term.name) for term in mentor.terms(TermKind.TOPIC))
    parts = [_("Offers %(topics)s") % {"topics": offered} if offered else "", *_wishes(mentor)]
    return [*filter(None, parts), *_own_words(mentor)]


def _wishes(mentor: Candidate) -> list[str]:
    """Return the mentor's wishes about the gender and the age of a mentee."""
    enrolment, wishes = mentor.enrolment, []
    if enrolment.preferred_gender not in {"", Gender.UNKNOWN}:
        wishes.append(_only_or_rather(enrolment))
    if (enrolment.min_age, enrolment.max_age) != (None, None):
        wishes.append(_("Wishes a mentee %(span)s") % {"span": age_span(enrolment.min_age, enrolment.max_age)})
    return wishes


def _only_or_rather(enrolment: Enrolment) -> str:
    wish = {"wish": gender_words(enrolment.preferred_gender)}
    if enrolment.gender_is_required:
        return _("Will only be a mentor for %(wish)s") % wish
    return _("Prefers to be a mentor for %(wish)s") % wish


def _own_words(mentor: Candidate) -> list[str]:
    words = Truncator(mentor.enrolment.wish.strip()).chars(MAX_OWN_WORDS)
    return [f"»{words}«"] if words else []


@register.filter
def desk_conflict(match: Match) -> str:
    """Return who created the mentee's other match, and when."""
    return " ".join(second_match_refusal(match).messages)


@register.filter
def desk_comparison(mentors: list[RankedMentor]) -> list[tuple[str, list[str]]]:
    """Return the rows of the comparison: a heading and a cell for each mentor."""
    cells = {
        pgettext("comparison", "Gender and age"): lambda mentor: capital(_gender_and_age(mentor.person)),
        pgettext("comparison", "Free places"): _free_places,
        pgettext("comparison", "Field"): _field,
        pgettext("comparison", "Can offer"): lambda mentor: _names(mentor, TermKind.TOPIC),
        pgettext("comparison", "Languages"): lambda mentor: capital(
            ", ".join(lower_first(term.name) for term in mentor.languages)
        ),
        pgettext("comparison", "Lives in"): lambda mentor: mentor.home,
        pgettext("comparison", "Can meet in"): lambda mentor: ", ".join(t.name for t in mentor.terms(TermKind.AREA)),
        pgettext("comparison", "Time"): _time,
        pgettext("comparison", "Wishes"): lambda mentor: ". ".join(_wishes(mentor)),
        pgettext("comparison", "In their own words"): lambda mentor: mentor.enrolment.wish.strip(),
        pgettext("comparison", "Experience"): _experience,
    }
    return [(title, [cell(mentor.candidate) for mentor in mentors]) for title, cell in cells.items()]


def _names(mentor: Candidate, kind: str) -> str:
    return capital(", ".join(lower_first(term.name) for term in mentor.terms(kind)))


def _field(mentor: Candidate) -> str:
    fields = [lower_first(term.name) for term in mentor.terms(TermKind.INDUSTRY)]
    return capital(", ".join(filter(None, [mentor.person.occupation, *fields])))


def _time(mentor: Candidate) -> str:
    times = _names(mentor, TermKind.TIME)
    start = mentor.enrolment.available_from
    if start and start > mentor.on:
        times = f"{times} " + _("from %(day)s") % {"day": danish_date(start)}
    return ". ".join(filter(None, [times.strip(), mentor.enrolment.availability_note.strip()]))


def _experience(mentor: Candidate) -> str:
    """Return ``Har 1 match nu, 14 måneder. 2 afsluttede match, 12 og 13 måneder``."""
    parts = []
    running = [match for match in mentor.open_matches if match.started_on]
    if running:
        count = {"count": len(running), "months": _months([(m.started_on, mentor.on) for m in running])}
        parts.append(
            ngettext("Has %(count)s match now, %(months)s", "Has %(count)s matches now, %(months)s", len(running))
            % count
        )
    ended = sorted((m for m in mentor.ended_matches if m.started_on), key=lambda m: m.started_on)
    if ended:
        count = {"count": len(ended), "months": _months([(m.started_on, m.ended_on) for m in ended])}
        parts.append(
            ngettext("%(count)s ended match, %(months)s", "%(count)s ended matches, %(months)s", len(ended)) % count
        )
    return ". ".join(parts) or _("No match yet")


def _months(spans: list[tuple]) -> str:
    lengths = [round((end - start).days / DAYS_OF_MONTH) for start, end in spans]
    return ngettext("%(lengths)s month", "%(lengths)s months", lengths[-1] if len(lengths) == 1 else 2) % {
        "lengths": joined([str(length) for length in lengths])
    }
