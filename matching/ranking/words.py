"""Sentences of the factors, one function for each, called only if the factor gave points.

Positive ``points`` ask for the sentence in favour, negative ones for the sentence against.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags.danish import danish_date
from matching.ranking.candidate import Candidate
from matching.ranking.seeker import DANISH, Seeker
from matching.words import capital, gender_words, joined, lower_first
from people.enums import LanguageLevel, TermKind


def in_sentence(terms) -> list[str]:
    """Return the names of terms inside a sentence, where only areas and abbreviations keep a capital letter."""
    return [term.name if term.kind == TermKind.AREA else lower_first(term.name) for term in terms]


def topics(seeker: Seeker, mentor: Candidate, points: float) -> str:
    if points > 0:
        return _("Can help with %(topics)s") % {"topics": joined(in_sentence(mentor.shared(seeker, TermKind.TOPIC)))}
    return _("No wishes in common")


def industry(seeker: Seeker, mentor: Candidate, points: float) -> str:
    occupation = mentor.person.occupation
    if points > 0:
        fields = joined(in_sentence(mentor.shared(seeker, TermKind.INDUSTRY)))
        if occupation:
            return _("%(occupation)s, knows %(fields)s") % {"occupation": capital(occupation), "fields": fields}
        return _("Knows the field: %(fields)s") % {"fields": fields}
    sought = joined(in_sentence(seeker.terms[TermKind.INDUSTRY].values()))
    own = in_sentence(mentor.terms(TermKind.INDUSTRY))
    if own:
        return _("Works in %(own)s, not in %(sought)s") % {"own": joined(own), "sought": sought}
    return _("Has named no field of work like %(sought)s") % {"sought": sought}


def languages(seeker: Seeker, mentor: Candidate, points: float) -> str:
    if points > 0:
        return _languages_shared(seeker, mentor)
    wanted = joined([lower_first(term.name) for term in list(seeker.languages.values())[:2]])
    words = {"languages": wanted, "name": seeker.first_name}
    if seeker.speaks_danish_well:
        return _("Does not speak %(languages)s, but %(name)s speaks good Danish") % words
    if seeker.danish_level == LanguageLevel.SOME:
        return _("Does not speak %(languages)s, and %(name)s speaks only a little Danish") % words
    return _("Does not speak %(languages)s, and %(name)s is not known to speak Danish") % words


def _languages_shared(seeker: Seeker, mentor: Candidate) -> str:
    shared = [term for term in mentor.fluent_languages if term.pk in seeker.languages]
    names = [lower_first(term.name) for term in shared]
    if seeker.danish_level:
        names.append(lower_first(DANISH))
    return _("Speaks %(languages)s") % {"languages": joined(names)}


def times(seeker: Seeker, mentor: Candidate, points: float) -> str:
    if points > 0:
        return _("Can meet: %(times)s") % {"times": joined(in_sentence(mentor.shared(seeker, TermKind.TIME)))}
    own = in_sentence(mentor.terms(TermKind.TIME))
    if own:
        return _("Can only meet: %(times)s") % {"times": joined(own)}
    return _("Has not said when meetings are possible")


def near(seeker: Seeker, mentor: Candidate, points: float) -> str:
    words = {"place": mentor.home, "name": seeker.first_name}
    if points > 1:
        return _("Lives in %(place)s like %(name)s") % words
    if points > 0:
        return _("Lives in %(place)s, close to %(name)s") % words
    return _("Lives in %(place)s, not next door") % words


def area(seeker: Seeker, mentor: Candidate, points: float) -> str:
    return _("Can meet in %(areas)s") % {"areas": joined(in_sentence(mentor.shared(seeker, TermKind.AREA)))}


def gender_of_mentor(seeker: Seeker, mentor: Candidate, points: float) -> str:
    wish, gender = gender_words(seeker.wished_gender), gender_words(mentor.person.gender)
    words = {"name": seeker.first_name, "wish": wish, "is": gender}
    if points > 0:
        return _("Is %(is)s, as %(name)s wishes") % words
    return _("%(name)s would rather have %(wish)s") % words


def gender_of_mentee(seeker: Seeker, mentor: Candidate, points: float) -> str:
    wish = gender_words(mentor.enrolment.preferred_gender)
    return _("Would rather be a mentor for %(wish)s") % {"wish": wish}


def age_of_mentor(seeker: Seeker, mentor: Candidate, points: float) -> str:
    span = age_span(seeker.enrolment.min_age, seeker.enrolment.max_age)
    words = {"age": mentor.age, "name": seeker.first_name, "span": span}
    if points > 0:
        return _("Is %(age)s, as %(name)s wishes") % words
    return _("Is %(age)s. %(name)s wishes someone %(span)s") % words


def age_of_mentee(seeker: Seeker, mentor: Candidate, points: float) -> str:
    span = age_span(mentor.enrolment.min_age, mentor.enrolment.max_age)
    words = {"age": seeker.age, "name": seeker.first_name, "span": span}
    return _("Wishes a mentee %(span)s, %(name)s is %(age)s") % words


def age_span(lowest: int | None, highest: int | None) -> str:
    if lowest is None:
        return _("of at most %(age)s") % {"age": highest}
    if highest is None:
        return _("of at least %(age)s") % {"age": lowest}
    return _("of %(lowest)s–%(highest)s") % {"lowest": lowest, "highest": highest}


def earlier(seeker: Seeker, mentor: Candidate, points: float) -> str:
    match = mentor.earlier_match(seeker)
    if match.ended_on:
        return _("Was %(name)s's mentor until %(day)s") % {
            "name": seeker.first_name,
            "day": danish_date(match.ended_on),
        }
    day = danish_date(match.proposed_on) if match.proposed_on else ""
    return _("Was proposed %(day)s and declined") % {"day": day} if day else _("Was proposed before and declined")


def free_later(seeker: Seeker, mentor: Candidate, points: float) -> str:
    return _("Cannot before %(day)s") % {"day": danish_date(mentor.enrolment.available_from)}


def experience(seeker: Seeker, mentor: Candidate, points: float) -> str:
    times_before = len(mentor.past_matches)
    if points < 0:
        return _("Has not been a mentor before")
    if times_before == 1:
        return _("Has been a mentor once")
    if times_before == 2:
        return _("Has been a mentor twice")
    return _("Has been a mentor %(count)s times") % {"count": times_before}


def has_mentees(seeker: Seeker, mentor: Candidate, points: float) -> str:
    count = len(mentor.open_matches)
    return ngettext("Has a mentee already", "Has %(count)s mentees already", count) % {"count": count}
