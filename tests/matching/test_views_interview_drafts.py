"""*Registrer interview* is saved while it is typed; who did not come, and who is searched for."""

import datetime as dt
import uuid

import pytest
from django.test import Client

from demo.factories import (
    EnrolmentFactory,
    InterviewFactory,
    MembershipFactory,
    ScreeningRequirementFactory,
    TermFactory,
)
from matching import services
from matching.models import Interview
from people.enums import EnrolmentStatus
from people.models import Draft
from tests.matching.conftest import text_of, url
from tests.people.intake import TYPING, held_by

TODAY = dt.date(2011, 9, 15)


@pytest.fixture
def applicant(programme):
    return EnrolmentFactory(programme=programme, status=EnrolmentStatus.APPLIED)


@pytest.fixture
def page(applicant):
    return url("interview-record", applicant.pk)


@pytest.fixture
def opened(staff, page):
    """Return a function that opens the page in another tab and returns what it posts."""

    def open_page(**words):
        answer = staff.get(page)
        form = answer.context["form"]
        held = {name: form[name].value() for name in ("held_on", "interviewer", "once")} | {"held_on": "14-09-2011"}
        return held | held_by(answer) | {"assessment": "suitable"} | words

    return open_page


def typed(name: str) -> list[str]:
    return Draft.objects.get().typed.get(name, [])


def test_an_interview_is_saved_while_it_is_typed_and_goes_on_later(staff, page, opened, applicant):
    topic = TermFactory()
    words = opened(summary="Vil gerne i arbejde. Cpr 030577-1234.", assessment="", terms=[topic.pk], wish="Et job")
    answer = staff.post(page, words, headers=TYPING)
    assert "Senest gemt i dag" in answer.text
    assert typed("summary") == ["Vil gerne i arbejde. Cpr …."]
    again = staff.get(page)
    form = again.context["form"]
    assert (form["summary"].value(), form["wish"].value(), form["terms"].value(), str(form["once"].value())) == (
        "Vil gerne i arbejde. Cpr ….",
        "Et job",
        [str(topic.pk)],
        str(words["once"]),
    )
    row = staff.get("/").context["drafts"][0]
    assert (row.name, row.missing, row.url) == (applicant.person.name, "vurderingen mangler", page)
    assert staff.post(page, words | {"summary": "Vil i arbejde", "assessment": "suitable"}).status_code == 302
    assert (Interview.objects.get().summary, Draft.objects.count()) == ("Vil i arbejde", 0)
    applicant.refresh_from_db()
    assert (applicant.status, applicant.wish, list(applicant.terms.all())) == ("waiting", "Et job", [topic])


def test_errors_keep_the_draft(staff, page, opened):
    answer = staff.post(page, opened(summary="Talte længe", assessment="x"))
    assert list(answer.context["form"].errors) == ["assessment"]
    assert (answer.context["form"]["summary"].value(), typed("summary")) == ("Talte længe", ["Talte længe"])


def test_words_of_two_tabs_are_merged_and_asked_about(staff, page, opened):
    staff.post(page, opened(summary="Begge"), headers=TYPING)
    one, other = opened(summary="Den ene"), opened(summary="Den anden", motivation="Stor")
    staff.post(page, one, headers=TYPING)
    answer = staff.post(page, other, headers=TYPING)
    assert (typed("summary"), typed("motivation"), answer.headers["X-Unsaved"]) == (["Den ene"], ["Stor"], "true")
    asked = staff.post(page, other | held_by(answer))
    assert "»Den ene« i den anden fane, »Den anden« her" in text_of(asked)
    assert Interview.objects.count() == 0
    staff.post(page, other | held_by(asked))
    assert Interview.objects.get().summary == "Den anden"


def test_words_after_another_tab_has_finished_are_shown(staff, page, opened):
    staff.post(page, opened(summary="Begge"), headers=TYPING)
    one, other = opened(summary="Begge"), opened(summary="Begge", next_step="Ring til Birgitte")
    created = staff.post(page, one).url
    assert staff.post(page, one).url == created
    assert "Dette er gjort færdigt i en anden fane." in staff.post(page, other, headers=TYPING).text
    late = staff.post(page, other)
    assert (late.status_code, ("Næste skridt", "Ring til Birgitte") in late.context["lines"]) == (409, True)
    assert (Interview.objects.count(), Draft.objects.count()) == (1, 0)


def test_a_draft_is_its_users_own(staff, page, opened, applicant, tingbjerg):
    words = opened(summary="Kun min")
    staff.post(page, words, headers=TYPING)
    colleague = Client()
    colleague.force_login(MembershipFactory(branch=tingbjerg).user)
    assert colleague.get(page).context["form"]["summary"].value() is None
    assert colleague.post(page, words, headers=TYPING).status_code == 404
    assert staff.post(page, words | {"once": "x", "summary": "Ny"}, headers=TYPING).status_code == 200
    other = url("interview-record", EnrolmentFactory(programme=applicant.programme).pk)
    assert staff.post(other, words, headers=TYPING).status_code == 404
    assert staff.post(other, words | {"once": uuid.uuid4()}, headers=TYPING).status_code == 200
    assert Draft.objects.count() == 2


def test_the_page_says_what_the_programme_asks_for(staff, page, applicant):
    ScreeningRequirementFactory(programme=applicant.programme, role="mentee", kind="reference")
    assert "Før et match kræver indsatsen: Reference." in text_of(staff.get(page))


def test_a_person_who_did_not_come_gets_another_day(staff, page, applicant, coordinator):
    planned = services.plan_interview(applicant, by=coordinator, on=TODAY)
    assert "Ikke mødt op" in staff.get(page).text
    response = staff.post(url("interview-cancel", planned.pk), {"missed": "1"}, follow=True)
    assert "Hodan Warsame mødte ikke op. Aftal en anden dag." in text_of(response)
    assert (applicant.contacts.get().result, applicant.interviews.count()) == ("not_reached", 0)
    coming = services.plan_interview(applicant, by=coordinator, on=dt.date(2011, 9, 20))
    assert "Ikke mødt op" not in staff.get(page).text
    staff.post(url("interview-cancel", coming.pk), {"missed": "1"})
    assert applicant.interviews.get() == coming


def test_the_search_finds_people_who_were_interviewed_before(staff, applicant, programme):
    second = EnrolmentFactory(programme=programme, person__first_name="Hodo")
    InterviewFactory(enrolment=second)
    response = staff.get(url("interview-list"), {"soeg": "hod"})
    assert (list(response.context["lacking"]), list(response.context["others"])) == ([applicant], [second])
    assert list(staff.get(url("interview-list")).context["others"]) == []
    assert "autofocus" in staff.get(url("interview-list"), {"soeg": ""}).text
