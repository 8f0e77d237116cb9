import datetime as dt

import pytest

from accounts.models import AccessRecord
from common.hooks import Panel
from demo.factories import (
    ConsentFactory,
    EnrolmentFactory,
    ImportBatchFactory,
    MentorFactory,
    OrganisationFactory,
    PersonFactory,
    ProgrammeFactory,
    TermFactory,
)
from imports.models import ImportRow
from people import services
from people.models import LanguageSkill
from people.panels import NEXT_ACTION_SOURCES, PANEL_SOURCES, NextAction
from people.timeline import TIMELINE_SOURCES, EntryKind, TimelineEntry, blocks_of, entries_for
from tests.imports.samples import came_from

pytestmark = pytest.mark.django_db
QUERIES = 21


@pytest.fixture
def mentee(programme):
    """A mentee before any match."""
    enrolment = EnrolmentFactory(
        programme=programme,
        person__livelihood="på kontanthjælp",
        person__arrival_year=1998,
        person__best_reached="efter kl. 16",
        person__phones=["+4557269617"],
        person__case_number="T-2011-038",
        applied_on=dt.date(2011, 4, 19),
        waiting_since=dt.date(2011, 5, 3),
        recruited_via="henvist af Bydelsmødrene",
        wish="Jeg vil være hjælper.",
        preferred_gender="woman",
        min_age=45,
    )
    enrolment.terms.set(
        [
            TermFactory(name="Praktik"),
            TermFactory(kind="time", name="Hverdage efter kl. 16"),
            TermFactory(kind="time", name="Lørdag"),
            TermFactory(kind="area", name="Tingbjerg"),
            TermFactory(kind="area", name="Brønshøj"),
        ]
    )
    LanguageSkill.objects.create(
        person=enrolment.person, language=TermFactory(kind="language", name="Dansk"), level="good", note="PD2"
    )
    return enrolment


@pytest.fixture
def sources(monkeypatch):
    """Empty the hooks of the page."""
    for hook in (TIMELINE_SOURCES, PANEL_SOURCES, NEXT_ACTION_SOURCES):
        monkeypatch.setattr(hook, "_entries", {})


def page_of(client_of, user, person, query=""):
    return client_of(user).get(f"/personer/{person.pk}/{query}")


def test_page_shows_facts_and_details(client_of, coordinator, mentee, sources):
    response = page_of(client_of, coordinator, mentee.person)
    assert response.context["facts"] == [
        "T-2011-038",
        "Mentee i Mentornetværket Tingbjerg",
        "Kvinde, 34 år",
        "På kontanthjælp",
        "I Danmark siden 1998",
    ]
    for words in (
        "Træffes bedst efter kl. 16.",
        "57\xa026\xa096\xa017",
        "»Jeg vil være hjælper.«",
        "Godt (PD2)",
        "Helst en kvinde, mindst 45 år",
        "Hverdage efter kl. 16 og lørdag",
        "Brønshøj eller Tingbjerg",
        "Har ventet 135 dage",
        "Slettes senest to år efter forløbets afslutning.",
    ):
        assert words in response.text, words


def test_reading_is_logged_once(client_of, coordinator, mentee):
    page_of(client_of, coordinator, mentee.person)
    record = AccessRecord.objects.get()
    assert (record.kind, record.case_number, record.user) == ("read", "T-2011-038", coordinator)


def test_page_is_404_for_other_branches_and_403_for_managers(
    client_of, other_branch_coordinator, outsider, manager, mentee
):
    assert page_of(client_of, other_branch_coordinator, mentee.person).status_code == 404
    assert page_of(client_of, outsider, mentee.person).status_code == 403
    assert page_of(client_of, manager, mentee.person).status_code == 403
    assert AccessRecord.objects.count() == 0


def test_a_guest_shows_only_the_roles_of_the_own_branch(
    client_of, coordinator, other_branch_coordinator, koebenhavn, programme, other_programme, sources
):
    person = PersonFactory(home_branch=koebenhavn)
    EnrolmentFactory(person=person, programme=other_programme, role="mentor", wish="Kun for København")
    EnrolmentFactory(person=person, programme=programme, wish="Kun for Tingbjerg")
    own = page_of(client_of, coordinator, person).text
    home = page_of(client_of, other_branch_coordinator, person).text
    assert ("Kun for Tingbjerg" in own, "Kun for København" in own) == (True, False)
    assert ("Kun for Tingbjerg" in home, "Kun for København" in home) == (False, True)


def test_timeline_runs_from_application_to_end(coordinator, mentee, sources):
    services.end_enrolment(mentee, by=coordinator, on=dt.date(2011, 8, 1), reason="flyttet til Odense")
    entries = entries_for(mentee.person, coordinator)
    assert [(entry.on, entry.title, entry.text) for entry in entries] == [
        (dt.date(2011, 8, 1), "Afsluttet", "Flyttet til Odense."),
        (dt.date(2011, 5, 3), "På venteliste", "Ventede 90 dage."),
        (dt.date(2011, 4, 19), "Ansøgning modtaget", "Henvist af Bydelsmødrene."),
    ]


def test_timeline_counts_the_wait_to_the_first_match(coordinator, mentee, sources):
    def source(person, user):
        yield TimelineEntry(on=dt.date(2011, 6, 20), title="Match foreslået", kind=EntryKind.MATCH)
        yield TimelineEntry(on=dt.date(2011, 6, 28), title="Første møde", kind=EntryKind.MATCH, is_first=True)

    assert entries_for(mentee.person, coordinator)[0].text == "Har ventet 135 dage."
    TIMELINE_SOURCES.add(source)
    TIMELINE_SOURCES.add(source)
    mentee.status = "matched"
    mentee.save()
    entries = entries_for(mentee.person, coordinator)
    assert [entry.title for entry in entries][:2] == ["Første møde", "Match foreslået"]
    assert entries[2].text == "Ventede 48 dage."
    assert len(entries_for(mentee.person, coordinator, EntryKind.MATCH)) == 2


def test_timeline_of_other_states(coordinator, programme, sources):
    paused = MentorFactory(programme=programme, status="paused", paused_on=dt.date(2011, 9, 1), paused_reason="rejse")
    paused.waiting_since = dt.date(2011, 4, 1)
    paused.save()
    EnrolmentFactory(person=paused.person, programme=programme, role="contact", status="applied")
    EnrolmentFactory(
        person=paused.person, programme=programme, status="declined", ended_on=dt.date(2011, 9, 2), applied_on=None
    )
    assert [entry.title for entry in entries_for(paused.person, coordinator)] == [
        "Ikke optaget",
        "Sat på pause",
        "Klar til match",
        "Ansøgning som mentor modtaget",
        "Blev kontaktperson",
    ]


def test_timeline_without_dates_says_who_created_the_person(coordinator, tingbjerg, sources):
    person = PersonFactory(home_branch=tingbjerg, created_by=coordinator)
    entry = entries_for(person, coordinator)[0]
    assert (entry.title, entry.author) == ("Person oprettet", "Mette Sørensen")


def test_blocks_separate_planned_entries_and_years():
    def entry(year, month, *, is_future=False):
        return TimelineEntry(on=dt.date(year, month, 1), title="x", kind="person", is_future=is_future)

    rows = [entry(2011, 10, is_future=True), entry(2011, 8), entry(2010, 5), entry(2010, 4), entry(2009, 1)]
    assert [(len(block.entries), block.year, block.has_today) for block in blocks_of(rows)] == [
        (1, None, False),
        (1, None, True),
        (2, 2010, False),
        (1, 2009, False),
    ]
    assert [(len(block.entries), block.has_today) for block in blocks_of(rows[:1])] == [(1, False), (0, True)]
    assert [block.year for block in blocks_of(rows[2:])] == [2010, 2009]
    assert blocks_of([]) == []


def test_segments_filter_the_timeline(client_of, coordinator, mentee):
    response = page_of(client_of, coordinator, mentee.person, "?type=event")
    assert "Der er ikke sket noget af den slags endnu." in response.text
    assert page_of(client_of, coordinator, mentee.person, "?type=nonsense").context["kind"] is None


def test_upper_apps_add_panels_and_the_most_urgent_action(client_of, coordinator, mentee, sources):
    @PANEL_SOURCES.add
    def cards(person, user):
        yield Panel(template="people/_known_facts.html", context={"x": 1}, order=20)
        yield Panel(template="people/_known_facts.html", order=60)

    @NEXT_ACTION_SOURCES.add
    def actions(person, user):
        yield NextAction(priority=40, badge="soon", title="Senere")
        yield NextAction(
            priority=10, badge="overdue", badge_text="9 dage over", title="Opfølgning", url="/x/", label="Registrer"
        )

    PANEL_SOURCES.add(cards)
    NEXT_ACTION_SOURCES.add(actions)
    response = page_of(client_of, coordinator, mentee.person)
    assert response.context["next_action"].title == "Opfølgning"
    assert "9 dage over" in response.text
    assert [panel.order for panel in response.context["panels_above"]] == [20]
    assert [panel.order for panel in response.context["panels_below"]] == [60]


def test_another_role_can_be_chosen(client_of, coordinator, mentee, programme):
    second = ProgrammeFactory(branch=programme.branch, name="Anden indsats", retention_months=18)
    mentor = MentorFactory(person=mentee.person, programme=second, status="ended", ended_on=dt.date(2011, 9, 1))
    response = page_of(client_of, coordinator, mentee.person)
    assert response.context["enrolment"] == mentee
    assert "Mentor i Anden indsats" in response.text
    response = page_of(client_of, coordinator, mentee.person, f"?rolle={mentor.pk}")
    assert response.context["enrolment"] == mentor
    assert response.context["retention"] == "18 måneder"
    assert response.context["can_reopen"] is True


def test_the_newest_consent_of_a_kind_is_shown(client_of, coordinator, mentee):
    ConsentFactory(person=mentee.person, on=dt.date(2011, 4, 19))
    ConsentFactory(person=mentee.person, kind="photo", on=dt.date(2011, 4, 19))
    ConsentFactory(person=mentee.person, kind="photo", is_given=False, on=dt.date(2011, 5, 1))
    ConsentFactory(person=mentee.person, kind="share", on=dt.date(2011, 5, 3))
    text = page_of(client_of, coordinator, mentee.person).text
    assert "Gemme oplysninger, givet 19.\xa0april 2011" in text
    assert "Dele ønsker med mentor, givet 3.\xa0maj 2011" in text
    assert "Billeder: sagde nej" in text


def test_page_shows_the_origin(client_of, coordinator, mentee, programme):
    batch = ImportBatchFactory(programme=programme, file_name="mentorbank.xlsx")
    came_from(mentee.person, ImportRow.objects.create(batch=batch, number=47, state="clean"))
    assert "Fra »mentorbank.xlsx«, række 47" in page_of(client_of, coordinator, mentee.person).text


def test_contact_persons_have_an_organisation_and_a_last_contact(client_of, coordinator, programme, tingbjerg):
    organisation = OrganisationFactory(branch=tingbjerg, name="Tingbjerg Bibliotek")
    enrolment = EnrolmentFactory(
        programme=programme, role="contact", status="applied", person__organisation=organisation
    )
    response = page_of(client_of, coordinator, enrolment.person)
    for words in ("Tingbjerg Bibliotek", "Ikke registreret", "Registrer kontakt", "ikke registreret kontakt endnu"):
        assert words in response.text
    enrolment.person.last_contacted_on = dt.date(2011, 8, 9)
    enrolment.person.save()
    assert "Sidste kontakt var 9.\xa0august." in page_of(client_of, coordinator, enrolment.person).text


def test_a_person_without_roles_has_a_page(client_of, coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg, phones=[], gender="unknown", birth_date=None, birth_year=1980)
    response = page_of(client_of, coordinator, person)
    assert response.context["facts"] == [person.case_number, "31 år"]
    assert response.context["retention"] == ""


@pytest.mark.parametrize("count", [1, 50])
def test_query_count_of_the_page(client_of, coordinator, mentee, sources, django_assert_num_queries, count):
    for number in range(count):
        ConsentFactory(person=mentee.person)
        mentee.terms.add(TermFactory(name=f"Emne {number}"))
        language = TermFactory(kind="language", name=f"Sprog {number}")
        LanguageSkill.objects.create(person=mentee.person, language=language)
    client = client_of(coordinator)
    client.get("/healthz")  # the first answer of a session notes when it began
    with django_assert_num_queries(QUERIES):
        client.get(f"/personer/{mentee.person.pk}/")
