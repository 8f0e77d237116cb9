"""Ranking: hard rules exclude mentors, factors order the others and give reasons."""

import datetime as dt

import pytest
from django.utils import translation

from accounts.models import AccessRecord
from demo.factories import (
    EnrolmentFactory,
    MatchFactory,
    MentorFactory,
    ScreeningCheckFactory,
    ScreeningRequirementFactory,
)
from matching.ranking import excluded_mentors, rank_mentors, roster
from people.models import LanguageSkill
from tests.matching.ranking import ON, make_mentor, make_seeker, only, rank, speak, term

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def mentee(programme):
    return make_seeker(programme)


def test_ranking_strong_match_with_sentences_for_and_against(programme, mentee):
    words = [term("Praktik"), term("Byggeri", "industry"), term("Aften", "time")]
    make_mentor(
        programme,
        "Karsten Friis",
        terms=words,
        person={"occupation": "tømrermester", "postcode": "2720", "town": "Vanløse"},
    )
    found = only(mentee)
    assert found.strength == "strong"
    assert found.speaks_for == [
        "Tømrermester, knows byggeri",
        "Can help with praktik",
        "Can meet: aften",
        "Lives in 2720 Vanløse, close to Ali",
    ]
    assert found.speaks_against == ["Does not speak somali, but Ali speaks good Danish", "Has not been a mentor before"]
    assert found.stored_reasons[-1] == "– Has not been a mentor before"


def test_ranking_lists_what_is_not_in_common(programme, mentee):
    mentee.person.languages.all().delete()
    words = [term("Lager", "industry"), term("Formiddag", "time")]
    make_mentor(programme, "Torben Lund", terms=words, person={"postcode": "8000", "town": "Aarhus C"})
    found = only(mentee)
    assert found.strength == "possible"
    assert found.speaks_for == []
    assert found.speaks_against == [
        "Can only meet: formiddag",
        "Works in lager, not in byggeri",
        "No wishes in common",
        "Lives in 8000 Aarhus C, not next door",
    ]


def test_ranking_language_matters_more_without_danish(programme, mentee):
    LanguageSkill.objects.filter(person=mentee.person, language__name="Dansk").update(level="some")
    abdi = make_mentor(programme, "Abdi Osman")
    speak(abdi.person, Somali="native")
    make_mentor(programme, "Erik Holm")
    first, second = rank(mentee).mentors
    assert first.enrolment == abdi
    assert first.speaks_for[0] == "Speaks somali and dansk"
    assert second.speaks_against[0] == "Does not speak somali, and Ali speaks only a little Danish"


def test_ranking_a_little_of_a_language_does_not_count(programme, mentee):
    speak(mentee.person, Engelsk="some")
    tina = make_mentor(programme, "Tina Ravn")
    speak(tina.person, Engelsk="native", Somali="some")
    assert "Does not speak somali, but Ali speaks good Danish" in only(mentee).speaks_against


def test_ranking_mentions_unknown_danish(programme, mentee):
    LanguageSkill.objects.filter(person=mentee.person, language__name="Dansk").delete()
    make_mentor(programme, "Erik Holm")
    assert "Does not speak somali, and Ali is not known to speak Danish" in only(mentee).speaks_against


def test_ranking_offered_language_counts_as_spoken(programme, mentee):
    make_mentor(programme, "Abdi Osman", terms=[term("Somali", "language")])
    assert "Speaks somali and dansk" in only(mentee).speaks_for


@pytest.mark.parametrize(
    ("wish", "gender", "side", "sentence"),
    [
        ("man", "man", "for", "Is a man, as Ali wishes"),
        ("woman", "man", "against", "Ali would rather have a woman"),
        ("other", "man", "against", "Ali would rather have someone of another gender"),
    ],
)
def test_ranking_weighs_the_wish_about_gender(programme, mentee, wish, gender, side, sentence):
    mentee.preferred_gender = wish
    mentee.save()
    make_mentor(programme, "Erik Holm", person={"gender": gender})
    found = only(mentee)
    assert sentence in (found.speaks_for if side == "for" else found.speaks_against)


def test_ranking_weighs_wishes_about_age_both_ways(programme, mentee):
    mentee.min_age, mentee.max_age = 30, 50
    mentee.save()
    make_mentor(programme, "Erik Holm", person={"birth_date": dt.date(1960, 9, 16)}, min_age=30)
    found = only(mentee)
    assert "Is 50, as Ali wishes" in found.speaks_for
    assert "Wishes a mentee of at least 30, Ali is 27" in found.speaks_against


def test_ranking_age_from_the_year_alone_and_outside_the_wish(programme, mentee):
    mentee.max_age = 45
    mentee.save()
    make_mentor(programme, "Erik Holm", person={"birth_date": None, "birth_year": 1948})
    assert "Is 63. Ali wishes someone of at most 45" in only(mentee).speaks_against


@pytest.mark.parametrize(
    ("lowest", "highest", "sentence"),
    [
        (30, 40, "Is 63. Ali wishes someone of 30–40"),
        (70, None, "Is 63. Ali wishes someone of at least 70"),
    ],
)
def test_ranking_mentions_the_wished_age(programme, mentee, lowest, highest, sentence):
    mentee.min_age, mentee.max_age = lowest, highest
    mentee.save()
    make_mentor(programme, "Erik Holm", person={"birth_date": dt.date(1948, 3, 3)})
    assert sentence in only(mentee).speaks_against


def test_ranking_ignores_an_unknown_age(programme, mentee):
    mentee.max_age = 45
    mentee.save()
    make_mentor(programme, "Erik Holm", person={"birth_date": None})
    found = only(mentee)
    assert not any("Ali wishes" in sentence for sentence in found.speaks_for + found.speaks_against)


def test_ranking_weighs_the_mentors_wish_about_gender(programme, mentee):
    make_mentor(programme, "Erik Holm", preferred_gender="woman")
    assert "Would rather be a mentor for a woman" in only(mentee).speaks_against


@pytest.mark.parametrize(
    ("home", "sentence"),
    [("2700", "Lives in 2700 Brønshøj like Ali"), ("8000", "Lives in 8000 Brønshøj, not next door")],
)
def test_ranking_weighs_where_they_live_and_can_meet(programme, mentee, home, sentence):
    tingbjerg = term("Tingbjerg", "area")
    make_mentor(programme, "Erik Holm", person={"postcode": home, "town": "Brønshøj"}, terms=[tingbjerg])
    mentee.person.languages.all().delete()
    mentee.terms.set([tingbjerg])
    found = only(mentee)
    assert sentence in found.speaks_for + found.speaks_against
    assert "Can meet in Tingbjerg" in found.speaks_for


def test_ranking_treats_a_foreign_postcode_as_far_away(programme, mentee):
    mentee.person.postcode = "SE-211"
    mentee.person.save()
    mentee.person.languages.all().delete()
    make_mentor(programme, "Erik Holm", person={"postcode": "2700", "town": "Brønshøj"})
    assert "Lives in 2700 Brønshøj, not next door" in only(mentee).speaks_against


def test_ranking_knows_the_field_without_an_occupation(programme, mentee):
    make_mentor(programme, "Erik Holm", terms=[term("Byggeri", "industry")])
    assert "Knows the field: byggeri" in only(mentee).speaks_for


def test_ranking_required_other_gender_is_not_named(programme, mentee):
    mentee.preferred_gender, mentee.gender_is_required = "other", True
    mentee.save()
    make_mentor(programme, "Erik Holm")
    assert [rule.words for rule in rank(mentee).exclusion_counts] == ["1 whose gender is another or not known"]


def test_ranking_mentions_a_mentor_free_later(programme, mentee):
    make_mentor(programme, "Peter Skov", available_from=dt.date(2011, 10, 1))
    assert "Cannot before 1\xa0October" in only(mentee).speaks_against


def test_ranking_counts_experience_and_places(programme, mentee):
    karsten = make_mentor(programme, "Karsten Friis", capacity=2)
    MatchFactory(programme=programme, mentor=karsten.person)
    MatchFactory(
        programme=programme, mentor=karsten.person, status="ended", mentor_place=None, ended_on=dt.date(2011, 8, 1)
    )
    found = only(mentee)
    assert "Has been a mentor twice" in found.speaks_for
    assert (found.candidate.free_places, found.candidate.capacity) == (1, 2)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"status": "declined", "started_on": None, "proposed_on": dt.date(2011, 5, 3)},
            "Was proposed 3\xa0May and declined",
        ),
        ({"status": "declined", "started_on": None, "proposed_on": None}, "Was proposed before and declined"),
        ({"status": "ended", "ended_on": dt.date(2011, 7, 1)}, "Was Ali's mentor until 1\xa0July"),
    ],
)
def test_ranking_mentions_an_earlier_match_of_the_pair(programme, mentee, fields, sentence):
    karsten = make_mentor(programme, "Karsten Friis")
    MatchFactory(programme=programme, mentor=karsten.person, mentee=mentee.person, mentor_place=None, **fields)
    assert only(mentee).speaks_against[0] == sentence


def test_ranking_counts_each_excluded_mentor_under_one_hard_rule(programme, mentee):
    mentee.preferred_gender, mentee.gender_is_required = "man", True
    mentee.save()
    ScreeningRequirementFactory(programme=programme, kind="criminal_record")
    ScreeningRequirementFactory(programme=programme, kind="reference", count=2)
    free = make_mentor(programme, "Karsten Friis")
    MentorFactory(programme=programme, person=mentee.person)
    make_mentor(programme, "Birgitte Holm", person={"gender": "woman"})
    make_mentor(programme, "Kim Dahl", person={"gender": "unknown"})
    make_mentor(programme, "Erik Vest", preferred_gender="woman", gender_is_required=True)
    make_mentor(programme, "Uden Interview", interviewed=False)
    make_mentor(programme, "Uden Attest")
    one_reference = make_mentor(programme, "En Reference")
    paused = make_mentor(programme, "Holder Pause", status="paused")
    later = make_mentor(programme, "Kommer Senere", available_from=dt.date(2011, 12, 15))
    full = make_mentor(programme, "Fuldt Optaget")
    for mentor in (free, paused, later, full):
        for kind in ("criminal_record", "reference", "reference"):
            ScreeningCheckFactory(enrolment=mentor, kind=kind)
    for kind in ("criminal_record", "reference"):
        ScreeningCheckFactory(enrolment=one_reference, kind=kind)
    MatchFactory(programme=programme, mentor=full.person)
    make_mentor(programme, "Er Gået", status="ended")

    ranking = rank(mentee)
    # The mentor of the match above is enrolled as well, in a match and so out by the number of places.
    assert [mentor.enrolment for mentor in ranking.mentors] == [free]
    assert [rule.words for rule in ranking.exclusion_counts] == [
        "Ali, who is a mentor as well",
        "1 woman (Ali asks for a man)",
        "1 whose gender is another or not known",
        "1 asks for another gender",
        "1 not interviewed",
        "1 without criminal record",
        "1 without reference",
        "1 without a free place",
        "1 on pause",
        "1 not free within three months",
    ]
    assert (ranking.allowed_count, ranking.excluded_count, ranking.total) == (1, 10, 11)
    rows, total = excluded_mentors(ranking.seeker.enrolment, ON, start=6, number=2)
    assert total == 10
    assert [(row.enrolment.person.name, row.words, row.is_full) for row in rows] == [
        ("En Reference", "lacks: reference", False),
        ("Fuldt Optaget", "no free place", True),
    ]


def test_ranking_counts_places_taken_in_other_programmes(programme, other_programme, mentee):
    karsten = make_mentor(programme, "Karsten Friis")
    MentorFactory(programme=other_programme, person=karsten.person)
    MatchFactory(programme=other_programme, mentor=karsten.person)
    assert [rule.words for rule in rank(mentee).exclusion_counts] == ["1 without a free place"]


def test_ranking_leaves_out_mentors_of_other_programmes(other_programme, mentee):
    make_mentor(other_programme, "Karen Dahl")
    ranking = rank(mentee)
    assert (ranking.mentors, ranking.total, ranking.groups) == ([], 0, [])


def test_ranking_without_interview_and_wishes_leaves_everyone_possible(programme):
    programme.requires_interview = False
    programme.save()
    mentee = EnrolmentFactory(programme=programme, person__gender="unknown", person__birth_date=None)
    make_mentor(programme, "Karsten Friis", interviewed=False, preferred_gender="woman")
    found = only(mentee)
    assert (found.strength, found.speaks_for, found.speaks_against) == (
        "possible",
        [],
        ["Has not been a mentor before"],
    )


def test_ranking_shows_the_strongest_and_counts_all(programme, mentee):
    mentors = [make_mentor(programme, f"Mentor {letter}") for letter in "abcde"]
    mentors[3].terms.set([term("Praktik"), term("Byggeri", "industry"), term("Aften", "time")])
    ranking = rank(mentee, shown=2, also=[mentors[4].pk])
    assert [mentor.enrolment for mentor in ranking.mentors] == [mentors[3], mentors[0], mentors[4]]
    assert ranking.strength_counts == {"strong": 1, "good": 0, "possible": 4}
    assert [(group.level, group.count, len(group.mentors)) for group in ranking.groups] == [
        ("strong", 1, 1),
        ("possible", 4, 2),
    ]
    assert ranking.find(mentors[1].pk) is None


@pytest.mark.parametrize("count", [1, 50])
def test_ranking_needs_a_constant_number_of_queries(programme, mentee, django_assert_num_queries, count):
    words = [term("Praktik"), term("Byggeri", "industry")]
    for number in range(count):
        mentor = make_mentor(programme, f"Mentor {number}", terms=words)
        speak(mentor.person, Somali="good")
    enrolment = type(mentee).objects.select_related("person", "programme").get(pk=mentee.pk)
    with django_assert_num_queries(20):
        rank_mentors(enrolment, ON)


def test_large_roster_is_cached_until_a_change_is_logged(
    programme, mentee, coordinator, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(roster, "CACHE_FROM", 1)
    monkeypatch.setattr(roster, "_cache", {})
    make_mentor(programme, "Karsten Friis")
    first = roster.roster_of(programme.pk)
    with django_assert_num_queries(2):
        assert roster.roster_of(programme.pk) is first
    AccessRecord.objects.create(user=coordinator, kind="write", subject="people.person")
    assert roster.roster_of(programme.pk) is not first


def test_cached_roster_does_not_propose_a_mentor_paused_since(programme, mentee, monkeypatch):
    monkeypatch.setattr(roster, "CACHE_FROM", 1)
    monkeypatch.setattr(roster, "_cache", {})
    karsten = make_mentor(programme, "Karsten Friis")
    assert len(rank(mentee).mentors) == 1
    karsten.status = "paused"
    karsten.save()
    assert rank(mentee).mentors == []


def test_roster_cache_has_a_maximum_size(programme, other_programme, monkeypatch):
    monkeypatch.setattr(roster, "CACHE_FROM", 0)
    monkeypatch.setattr(roster, "CACHE_SIZE", 1)
    monkeypatch.setattr(roster, "_cache", {})
    roster.roster_of(programme.pk)
    roster.roster_of(other_programme.pk)
    assert list(roster._cache) == [other_programme.pk]
