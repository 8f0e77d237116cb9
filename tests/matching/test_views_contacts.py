"""Views of contacts outside the plan, of tries in a row, and of follow-ups that are moved or skipped."""

import datetime as dt
import uuid

import pytest

from accounts.models import AccessRecord
from demo.factories import ContactFactory, EnrolmentFactory, MatchFactory, MentorFactory
from matching import services
from matching.models import Contact
from tests.matching.conftest import text_of, url

TODAY = dt.date(2011, 9, 15)
HTMX = {"headers": {"HX-Request": "true"}}
TALK = {"channel": "phone", "result": "talked", "mood": "", "note": "", "on": "15-09-2011"}


def named(programme, first, last, factory=EnrolmentFactory, **fields):
    return factory(programme=programme, person__first_name=first, person__last_name=last, **fields)


@pytest.fixture
def leyla(programme):
    return named(programme, "Leyla", "Demir")


def test_a_contact_in_place_on_i_dag(staff, leyla, coordinator):
    today = text_of(staff.get("/"))
    assert 'id="contact-place"' in today
    assert "Registrer kontakt" in today
    opened = text_of(staff.get(url("contact-create"), **HTMX))
    assert "Med hvem?" in opened
    assert "Kontakt uden for planen" in opened
    data = TALK | {"hvem": "leyla", "result": "left_message", "mood": "good", "note": "Bad hende ringe"}
    saved = text_of(staff.post(url("contact-create"), data, **HTMX))
    assert "Telefon · lagde besked, 15. september" in saved
    contact = Contact.objects.get()
    assert (contact.enrolment, contact.match, contact.result, contact.mood) == (leyla, None, "left_message", "")
    assert (contact.note, contact.recorded_by) == ("Bad hende ringe", coordinator)
    removed = text_of(staff.post(url("contact-remove", contact.pk), **HTMX))
    assert "Kontakten er fjernet." in removed
    assert not Contact.objects.exists()


def test_a_contact_without_javascript_can_be_undone(staff, leyla):
    page = staff.get(url("contact-create"), {"next": "/match/opfoelgninger/"})
    assert "En kontakt uden for planen, eller et forsøg på at træffe" in text_of(page)
    response = staff.post(url("contact-create"), TALK | {"hvem": "Leyla Demir, mentee", "next": "/"})
    assert response.url == "/"
    contact = Contact.objects.get()
    text = text_of(staff.get("/"))
    assert "Kontakten med Leyla Demir er registreret." in text
    assert url("contact-remove", contact.pk) in text
    assert staff.post(url("contact-remove", contact.pk)).url == f"/personer/{leyla.person_id}/"
    assert "Kontakten med Leyla Demir er fjernet." in text_of(staff.get("/"))


def test_the_same_form_twice_records_one_contact(staff, leyla):
    data = TALK | {"hvem": "leyla", "once": str(uuid.uuid4())}
    for headers in ({}, HTMX["headers"]):
        staff.post(url("contact-create"), data, headers=headers)
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(("words", "error"), [("", "Skriv, hvem du har haft kontakt med."), ("Xyz", "Ingen mentor")])
def test_a_name_that_finds_nobody_keeps_the_words(staff, leyla, words, error):
    data = TALK | {"hvem": words, "note": "Vil skifte dag"}
    for status, extra in ((422, HTMX), (200, {})):
        response = staff.post(url("contact-create"), data, **extra)
        assert response.status_code == status
        assert error in text_of(response)
        assert 'value="Vil skifte dag"' in text_of(response)


def test_several_people_who_fit_are_asked_about(staff, programme, leyla):
    other = named(programme, "Leyla", "Demirtas", MentorFactory)
    data = TALK | {"hvem": "leyla demir"}
    response = staff.post(url("contact-create"), data, **HTMX)
    assert response.status_code == 422
    text = text_of(response)
    assert "Hvem af dem?" in text
    assert "Leyla Demir, mentee" in text
    assert "Leyla Demirtas, mentor" in text
    staff.post(url("contact-create"), data | {"enrolment": other.pk}, **HTMX)
    assert Contact.objects.get().enrolment == other


def test_people_with_the_same_name_are_told_apart_by_number(staff, programme, leyla):
    twin = named(programme, "Leyla", "Demir")
    found = text_of(staff.get(url("contact-about"), {"hvem": "leyla"}))
    for enrolment in (leyla, twin):
        assert f'value="Leyla Demir, mentee, {enrolment.person.case_number}, Mentornetværket Tingbjerg"' in found


def test_the_only_open_match_is_what_it_is_about(staff, active):
    staff.post(url("contact-create"), TALK | {"hvem": "hodan", "mood": "mixed"})
    contact = Contact.objects.get()
    assert (contact.match, contact.mood) == (active, "mixed")
    assert active.follow_ups.filter(done_on=None).count() == 5


def test_a_mentor_with_several_matches_says_which(staff, programme):
    mentor = named(programme, "Bodil", "Krag", MentorFactory, capacity=2)
    matches = [MatchFactory(programme=programme, mentor=mentor.person, mentor_place=place) for place in (1, 2)]
    response = staff.post(url("contact-create"), TALK | {"hvem": "bodil"}, **HTMX)
    assert response.status_code == 422
    assert f"med Hodan Warsame, {matches[1].number}" in text_of(response)
    staff.post(url("contact-create"), TALK | {"hvem": "bodil", "match": matches[1].pk}, **HTMX)
    staff.post(url("contact-create"), TALK | {"hvem": "bodil", "match": "none"}, **HTMX)
    assert [contact.match for contact in Contact.objects.order_by("pk")] == [matches[1], None]


def test_suggestions_say_what_stays_in_the_plan_and_are_logged(staff, active, coordinator):
    text = text_of(staff.get(url("contact-about"), {"hvem": "hodan"}))
    assert '<option value="Hodan Warsame, mentee">' in text
    assert "Den planlagte opfølgning med Hodan 28. juli bliver i planen." in text
    record = AccessRecord.objects.latest("pk")
    assert (record.code, record.values, record.count) == ("words_searched", {"words": "hodan"}, 1)
    count = AccessRecord.objects.count()
    for words in ("h", "", "xyz"):
        assert "<option" not in text_of(staff.get(url("contact-about"), {"hvem": words}))
    assert AccessRecord.objects.count() == count


def test_from_the_page_of_a_person(staff, leyla):
    address = f"{url('contact-create')}?rolle={leyla.pk}"
    assert f"?rolle={leyla.pk}&amp;next=" in text_of(staff.get(f"/personer/{leyla.person_id}/"))
    assert "Leyla Demir" in text_of(staff.get(address))
    staff.post(address, TALK)
    assert Contact.objects.get().enrolment == leyla


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_from_the_page_of_a_match(staff, active, side):
    address = f"{url('contact-create')}?match={active.pk}&side={side}"
    assert address.replace("&", "&amp;") in text_of(staff.get(url("match-detail", active.pk)))
    staff.post(address, TALK | {"note": "Fin snak"})
    contact = Contact.objects.get()
    assert (contact.match, contact.side) == (active, side)
    page = text_of(staff.get(url("match-detail", active.pk)))
    assert "Kontakter uden for planen" in page
    assert "Fin snak" in page


@pytest.mark.parametrize(
    "query", ["rolle=x", "rolle=9", "match=9&side=mentor", "match={match}&side=x", "match={match}"]
)
def test_an_address_that_names_nobody_is_not_found(staff, active, query):
    assert staff.get(f"{url('contact-create')}?{query.format(match=active.pk)}").status_code == 404


def test_no_contact_with_people_of_other_branches(client_of, other_branch_coordinator, leyla):
    staff = client_of(other_branch_coordinator)
    assert staff.get(f"{url('contact-create')}?rolle={leyla.pk}").status_code == 404
    assert "Leyla" not in text_of(staff.get(url("contact-about"), {"hvem": "leyla"}))
    staff.post(url("contact-create"), TALK | {"hvem": "leyla"})
    assert not Contact.objects.exists()


def test_a_refusal_of_the_service_is_shown(staff, leyla):
    data = TALK | {"hvem": "leyla", "note": "Nummeret er 010190-1234"}
    assert staff.post(url("contact-create"), data, **HTMX).status_code == 422
    assert not Contact.objects.exists()


def test_a_contact_is_corrected_with_a_reason(staff, leyla):
    contact = ContactFactory(enrolment=leyla, mood="good", support="yes")
    data = TALK | {"result": "not_reached", "mood": "good", "on": "14-09-2011"}
    assert staff.post(url("contact-correct", contact.pk), data).status_code == 200
    staff.post(url("contact-correct", contact.pk), data | {"reason": "Hun tog den ikke"})
    contact.refresh_from_db()
    assert (contact.result, contact.mood, contact.support, contact.on) == ("not_reached", "", "", dt.date(2011, 9, 14))
    staff.post(url("contact-correct", contact.pk), TALK | {"reason": "Jo"})
    contact.refresh_from_db()
    assert contact.result == "talked"


# --- tries in the row of a follow-up -----------------------------------------------------------------


@pytest.mark.parametrize("layout", ["task", "plan"])
def test_a_try_in_place_leaves_the_row_waiting(staff, active, layout):
    follow_up = active.follow_ups.get(side="mentor")
    data = {"channel": "phone", "result": "not_reached", "note": "", "on": "12-09-2011", "layout": layout}
    data["once"] = str(uuid.uuid4())
    row = text_of(staff.post(url("follow-up-log", follow_up.pk), data, **HTMX))
    assert 'data-log-row="waiting"' in row
    assert "ikke truffet 12. september" in row
    contact = Contact.objects.get()
    assert url("contact-remove", contact.pk) in row
    staff.post(url("follow-up-log", follow_up.pk), data, **HTMX)
    assert Contact.objects.count() == 1
    follow_up.refresh_from_db()
    assert follow_up.done_on is None


def test_a_try_without_javascript(staff, active):
    follow_up = active.follow_ups.get(side="mentor")
    data = {"channel": "sms", "result": "left_message", "note": "Ring", "on": "15-09-2011", "next": "/"}
    assert staff.post(url("follow-up-log", follow_up.pk), data).url == "/"
    text = text_of(staff.get("/"))
    assert "Lagde besked: registreret. Opfølgningen mangler stadig." in text
    assert "lagde besked i dag" in text or "lagde besked 15. september" in text


def test_a_talk_needs_the_mood_and_a_try_a_possible_day(staff, active):
    follow_up = active.follow_ups.get(side="mentor")
    data = {"channel": "phone", "result": "talked", "note": "", "on": "15-09-2011"}
    response = staff.post(url("follow-up-log", follow_up.pk), data, **HTMX)
    assert response.status_code == 422
    assert "Vælg et svar på »Hvordan går det?«." in text_of(response)
    active.mentor.enrolments.all().delete()
    response = staff.post(url("follow-up-log", follow_up.pk), data | {"result": "not_reached"}, **HTMX)
    assert response.status_code == 422


# --- moved and skipped -------------------------------------------------------------------------------


def test_a_follow_up_is_moved_and_back(staff, active):
    follow_up = active.follow_ups.filter(side="mentee").last()
    page = text_of(staff.get(url("follow-up-move", follow_up.pk)))
    assert "Månedlig opfølgning med Hodan Warsame, planlagt til 26. september." in page
    response = staff.post(url("follow-up-move", follow_up.pk), {"due_on": "03-10-2011", "reason": "Ferie", "next": "/"})
    assert response.url == "/"
    text = text_of(staff.get("/"))
    assert "Opfølgningen er flyttet til 3. oktober." in text
    assert url("follow-up-restore", follow_up.pk) in text
    match_page = text_of(staff.get(f"{url('match-detail', active.pk)}?plan=all"))
    assert "flyttet fra 26. september: Ferie" in match_page
    assert "Tag med i planen igen" in match_page
    assert staff.post(url("follow-up-restore", follow_up.pk)).url == url("match-detail", active.pk)
    assert "Opfølgningen er igen planlagt til 26. september." in text_of(staff.get("/"))


def test_a_follow_up_is_skipped_with_a_reason(staff, active):
    follow_up = active.follow_ups.get(side="mentor")
    opened = text_of(staff.get(url("follow-up-log", follow_up.pk), **HTMX))
    assert url("follow-up-skip", follow_up.pk) in opened
    assert staff.post(url("follow-up-skip", follow_up.pk), {"reason": ""}).status_code == 200
    staff.post(url("follow-up-skip", follow_up.pk), {"reason": "Mødtes til arrangementet"})
    follow_up.refresh_from_db()
    assert follow_up.skipped_reason == "Mødtes til arrangementet"
    text = text_of(staff.get(url("match-detail", active.pk)))
    assert "Mødtes til arrangementet" in text
    assert "Sprunget over" in text
    assert follow_up not in staff.get(url("follow-up-list")).context["filter"].qs


def test_on_time_says_what_it_counts(staff, active, coordinator):
    first, second, _last = active.follow_ups.filter(side="mentee")
    services.record_follow_up(first, by=coordinator, on=first.due_on, channel="phone", mood="good")
    assert "1 af 3 til tiden" in text_of(staff.get(url("match-detail", active.pk)))
    services.skip_follow_up(active.follow_ups.get(side="mentor"), by=coordinator, reason="Syg")
    services.move_follow_up(second, by=coordinator, due_on=TODAY, reason="Ferie")
    services.record_follow_up(second, by=coordinator, on=TODAY, channel="phone", mood="good")
    words = "2 af 2 til tiden, 1 flyttet regnes fra sin nye dag, 1 sprunget over"
    assert words in text_of(staff.get(url("match-detail", active.pk)))
