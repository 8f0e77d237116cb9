"""The lists of interviews, meetings, follow-ups and outcomes."""

import datetime as dt
from decimal import Decimal

import pytest

from demo.factories import EnrolmentFactory, FollowUpStepFactory, InterviewFactory, MatchFactory, MentorFactory
from matching.models import FollowUp, Interview, Match, Meeting, Outcome
from people.importing import registry
from people.importing.recognition import recognise_kind
from people.models import Enrolment
from tests.people.importing_samples import codes, import_list, stage_list

pytestmark = pytest.mark.django_db
MEETINGS = "Mentor|Mentee|Dato|Timer|Note"


@pytest.fixture
def match(programme):
    """Per Holm and Ida Dam, from 28 June 2011."""
    mentor = MentorFactory(programme=programme, person__first_name="Per", person__last_name="Holm").person
    mentee = EnrolmentFactory(programme=programme, person__first_name="Ida", person__last_name="Dam").person
    return MatchFactory(programme=programme, mentor=mentor, mentee=mentee, number="M-2011-021")


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("Mentor|Mentee|Dato|Timer", "meeting"),
        ("Match nr.|Mødedato|Antal timer|Bemærkninger", "meeting"),
        ("Mentor|Mentee|Date|Minutes|Notes", "meeting"),
        ("Match|Dato|Varighed", "meeting"),
        ("Mentor|Mentee|Frist|Udført|Kanal|Hvordan går det", "follow_up"),
        ("Frist|Opfølgning|Med hvem|Mentee|Mentees sagsnummer|Mentor|Mentors sagsnummer|Match|Telefon", "follow_up"),
        ("Mentor|Mentee|Due on|Done on|Channel|Mood", "follow_up"),
        ("Mentor|Mentee|Resultat|Dato|Fortalt af", "outcome"),
        ("Match number|Outcome|Date|Told by", "outcome"),
        ("Navn|Rolle|Dato|Interviewer|Resumé|Vurdering|Næste skridt", "interview"),
        ("Interview|Planlagt til|Klokken|Sted|Interviewer|Sagsnummer|Navn|Rolle|Indsats", "interview"),
        ("Name|Role|Held on|Interviewer|Summary|Assessment", "interview"),
        ("Match|Mentee|Mentees sagsnummer|Mentor|Mentors sagsnummer|Status|Foreslået|Første møde|Afsluttet", "match"),
        ("Mentor|Mentee|Foreslået den|Status", "match"),
        ("Mentor|Mentee|Proposed on|Introduced on|Started on|Ended on|Status", "match"),
        ("Navn|E-mail|Interviewdato|Interviewer|Status", "mentee"),
        ("Navn|Interviewdato|Interviewer", "mentee"),
    ],
)
def test_each_kind_is_told_by_its_own_headings(headings, kind):
    found = recognise_kind(headings.split("|"), registry.kinds())
    assert found and found.code == kind


def test_try(programme, match, administrator):
    batch = import_list(MEETINGS, "Per Holm|Ida Dam|05-07-2011|2½ time|fint", programme=programme, by=administrator)
    assert codes(batch) == {2: ("clean",)}
    meeting = Meeting.objects.get()
    assert (meeting.match, meeting.held_on, meeting.hours, meeting.note) == (match, dt.date(2011, 7, 5), Decimal("2.5"), "fint")
    assert codes(stage_list(MEETINGS, "Per Holm|Ida Dam|05-07-2011|2½ time|fint", programme=programme)) == {2: ("duplicate_existing", "record_existing")}
    FollowUp, Interview, Match, Outcome, FollowUpStepFactory, InterviewFactory, Enrolment
