"""Views of the confirmation of a proposal."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from demo.factories import (
    MatchFactory,
    TermFactory,
)
from matching.models import Match
from tests.matching.desk import make_mentee, make_mentor, propose_url

pytestmark = pytest.mark.django_db
DESK = "/match/"


def test_propose_confirmation_explains_what_happens(client_of, coordinator, programme):
    ali, karsten = make_mentee(programme), make_mentor(programme)
    client = client_of(coordinator)
    text = client.get(propose_url(ali, karsten)).content.decode()
    assert "Karsten Friis som mentor for Ali Nur" in text
    assert "En plads hos Karsten holdes, og Ali går af ventelisten." in text
    assert "alle skriver under på aftalen" in text
    part = client.get(propose_url(ali, karsten), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Annuller" in part
    read = AccessRecord.objects.filter(kind="read").values_list("subject_id", flat=True)
    assert set(read) == {ali.person_id, karsten.person_id}


def test_propose_sent_twice_creates_one_match_with_its_reasons(client_of, coordinator, programme):
    programme.requires_agreement = False
    programme.save()
    topic = TermFactory(name="Praktik")
    ali, karsten = make_mentee(programme, terms=[topic]), make_mentor(programme, terms=[topic])
    client = client_of(coordinator)
    assert "introducerer du dem for hinanden." in client.get(propose_url(ali, karsten)).content.decode()
    once = {"once": str(uuid.uuid4())}
    first = client.post(propose_url(ali, karsten), once)
    again = client.post(propose_url(ali, karsten), once)
    match = Match.objects.get()
    assert first.url == again.url == reverse("matching:match-detail", args=[match.pk])
    assert (match.mentor, match.mentee, match.status) == (karsten.person, ali.person, "proposed")
    assert match.reasons == ["Kan hjælpe med praktik", "– Har ikke haft en mentee før"]
    assert match.created_by == coordinator


def test_propose_shows_who_proposed_first(client_of, coordinator, administrator, programme):
    ali, karsten = make_mentee(programme), make_mentor(programme)
    MatchFactory(programme=programme, mentee=ali.person, created_by=administrator, proposed_on=dt.date(2011, 6, 1))
    answer = client_of(coordinator).post(propose_url(ali, karsten), {"once": str(uuid.uuid4())})
    assert answer.status_code == 409
    assert "Ali har allerede et aktivt match. Hanne Lund oprettede det 1.\xa0juni." in answer.content.decode()
    assert Match.objects.count() == 1


def test_propose_refuses_a_mentor_excluded_by_a_hard_rule(client_of, coordinator, programme):
    ali = make_mentee(programme, preferred_gender="woman", gender_is_required=True)
    karsten = make_mentor(programme)
    answer = client_of(coordinator).post(propose_url(ali, karsten), {"once": str(uuid.uuid4())})
    assert answer.status_code == 409
    assert "Karsten Friis kan ikke foreslås: Ali ønsker en kvinde." in answer.content.decode()
    assert Match.objects.count() == 0


def test_propose_beyond_the_capacity_needs_a_reason(client_of, coordinator, programme):
    ali, karsten = make_mentee(programme), make_mentor(programme)
    MatchFactory(programme=programme, mentor=karsten.person)
    client = client_of(coordinator)
    assert "Hvorfor én mere end aftalt" in client.get(propose_url(ali, karsten)).content.decode()
    refused = client.post(propose_url(ali, karsten), {"once": str(uuid.uuid4())})
    assert refused.status_code == 409
    reason = {"once": str(uuid.uuid4()), "over_capacity_reason": "aftalt i telefonen"}
    client.post(propose_url(ali, karsten), reason)
    assert Match.objects.get(mentee=ali.person).over_capacity_reason == "aftalt i telefonen"


def test_propose_refuses_a_cpr_number_in_the_reason(client_of, coordinator, programme):
    ali, karsten = make_mentee(programme), make_mentor(programme)
    MatchFactory(programme=programme, mentor=karsten.person)
    data = {"once": str(uuid.uuid4()), "over_capacity_reason": "aftalt, 010190-1234"}
    answer = client_of(coordinator).post(propose_url(ali, karsten), data)
    assert answer.status_code == 200
    assert "over_capacity_reason" in answer.context["form"].errors
    assert Match.objects.count() == 1


def test_propose_with_swapped_keys_is_404(client_of, coordinator, programme, other_programme):
    ali, karsten = make_mentee(programme), make_mentor(programme)
    foreign = make_mentor(other_programme, "Karen Dahl")
    client = client_of(coordinator)
    assert client.post(propose_url(ali, foreign)).status_code == 404
    assert client.post(propose_url(karsten, ali)).status_code == 404
    other = make_mentor(
        type(programme).objects.create(
            branch=programme.branch, slug="andet", name="Andet", starts_on="2011-01-01", ends_on="2011-12-31"
        ),
        "Peter Skov",
    )
    assert client.post(propose_url(ali, other)).status_code == 404
    assert Match.objects.count() == 0
