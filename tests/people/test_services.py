import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AccessRecord
from demo.factories import (
    ConsentFactory,
    EnrolmentFactory,
    MatchFactory,
    MentorFactory,
    OrganisationFactory,
    PersonFactory,
    ProgrammeFactory,
    TermFactory,
)
from matching.models import Match
from people import services
from people.enums import EnrolmentStatus, TermKind
from people.models import Consent, Enrolment, Organisation, Person, Term
from people.statuses import OpenMatchLeft

pytestmark = pytest.mark.django_db
DAY = dt.date(2011, 9, 1)


def language(name="Somali"):
    return TermFactory(kind=TermKind.LANGUAGE, name=name)


def test_create_person_takes_the_next_case_number_and_logs_it(coordinator, tingbjerg):
    person = services.create_person(
        by=coordinator,
        branch=tingbjerg,
        first_name="Åse",
        last_name="Møller",
        phones=["+4557269617"],
        languages=[services.Skill(language(), "native")],
    )
    assert person.case_number == "T-2011-001"
    assert person.search_text == "ase moller t-2011-001 4557269617"
    assert [str(skill) for skill in person.languages.all()] == ["Somali"]
    record = AccessRecord.objects.get()
    assert (record.user, record.kind, record.case_number, record.detail) == (
        coordinator,
        "write",
        "T-2011-001",
        "Person oprettet",
    )


@pytest.mark.parametrize("name", ["محمد", "Đặng Thị", "李雷", "Çelik 😊", "O'Neill-Østergård"])
def test_create_person_takes_names_in_any_script(coordinator, tingbjerg, name):
    person = services.create_person(by=coordinator, branch=tingbjerg, first_name=name)
    assert list(Person.objects.search(name)) == [person]


def test_create_person_refuses_cpr_numbers_in_any_text(coordinator, tingbjerg):
    with pytest.raises(ValidationError) as caught:
        services.create_person(by=coordinator, branch=tingbjerg, first_name="Hodan", address="Ruten 12, 030577-1234")
    assert list(caught.value.message_dict) == ["address"]
    assert Person.objects.count() == 0


def test_create_person_needs_the_right_in_that_branch(manager, other_branch_coordinator, outsider, tingbjerg):
    for user in (manager, other_branch_coordinator, outsider):
        with pytest.raises(PermissionDenied):
            services.create_person(by=user, branch=tingbjerg, first_name="Hodan")


def test_update_person_logs_which_fields_changed_and_finds_the_new_name(coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg)
    services.update_person(person, by=coordinator, first_name="Hodan", last_name="Ågård", notes="")
    person.refresh_from_db()
    assert person.last_name == "Ågård"
    assert AccessRecord.objects.get().detail == "Ændret: efternavn"
    assert list(Person.objects.search("agard")) == [person]


def test_set_languages_replaces_them(coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg)
    services.set_languages(person, [services.Skill(language("Somali"), "native")], by=coordinator)
    services.set_languages(person, [services.Skill(language("Dansk"), "good", "PD2")], by=coordinator)
    assert AccessRecord.objects.latest("pk").detail == "Ændret: sprog"
    assert [(str(skill), skill.level, skill.note) for skill in person.languages.all()] == [("Dansk", "good", "PD2")]


def test_complete_intake_stores_all_or_nothing(coordinator, programme):
    act = {
        "by": coordinator,
        "person": {"first_name": "Hodan"},
        "enrolment": {"programme": programme, "role": "mentee", "terms": [TermFactory()]},
        "languages": [services.Skill(language(), "native")],
    }
    with pytest.raises(ValidationError):
        services.complete_intake(**act, consents=[{"kind": "unheard of", "is_given": True, "on": DAY}])
    assert (Person.objects.count(), Enrolment.objects.count()) == (0, 0)
    enrolment = services.complete_intake(**act, consents=[{"kind": "store", "is_given": True, "on": DAY}])
    assert enrolment.person.home_branch == programme.branch
    assert [term.name for term in enrolment.terms.all()] == ["Jobsøgning"]
    assert Consent.objects.get().recorded_by == coordinator


def test_complete_intake_gives_a_known_person_another_role(coordinator, programme):
    mentee = EnrolmentFactory(programme=programme)
    enrolment = services.complete_intake(
        by=coordinator, person=mentee.person, enrolment={"programme": programme, "role": "mentor"}, languages=[]
    )
    assert (enrolment.person, Person.objects.count()) == (mentee.person, 1)
    with pytest.raises(ValidationError):
        services.enrol_person(mentee.person, by=coordinator, programme=programme, role="mentor")


def test_update_wishes_changes_terms_and_languages(coordinator, programme):
    enrolment = EnrolmentFactory(programme=programme, terms=[TermFactory()])
    services.update_wishes(
        enrolment, by=coordinator, languages=[services.Skill(language(), "some")], wish="Praktik", terms=[]
    )
    enrolment.refresh_from_db()
    assert (enrolment.wish, list(enrolment.terms.all())) == ("Praktik", [])
    assert enrolment.person.languages.count() == 1
    services.update_enrolment(enrolment, by=coordinator, wish="Job")
    assert Enrolment.objects.get().wish == "Job"


def test_pause_and_reopen(coordinator, programme):
    enrolment = EnrolmentFactory(programme=programme)
    services.pause_enrolment(enrolment, by=coordinator, on=DAY, reason="barsel")
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.paused_on, enrolment.paused_reason) == (EnrolmentStatus.PAUSED, DAY, "barsel")
    with pytest.raises(ValidationError):
        services.pause_enrolment(enrolment, by=coordinator, on=DAY, reason="igen")
    services.reopen_enrolment(enrolment, by=coordinator)
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.paused_on, enrolment.paused_reason) == (EnrolmentStatus.WAITING, None, "")
    with pytest.raises(ValidationError):
        services.reopen_enrolment(enrolment, by=coordinator)


def test_end_and_reopen(coordinator, programme):
    enrolment = EnrolmentFactory(programme=programme, status=EnrolmentStatus.APPLIED)
    services.end_enrolment(enrolment, by=coordinator, on=DAY, reason="flyttet")
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.ended_on, enrolment.ended_reason) == (EnrolmentStatus.ENDED, DAY, "flyttet")
    with pytest.raises(ValidationError):
        services.end_enrolment(enrolment, by=coordinator, on=DAY, reason="igen")
    services.reopen_enrolment(enrolment, by=coordinator)
    assert Enrolment.objects.get().status == EnrolmentStatus.APPLIED


def test_end_declines_an_application(coordinator, programme):
    enrolment = EnrolmentFactory(programme=programme, status=EnrolmentStatus.APPLIED)
    services.end_enrolment(enrolment, by=coordinator, on=DAY, reason="uden for målgruppen", is_declined=True)
    assert Enrolment.objects.get().status == EnrolmentStatus.DECLINED


def test_end_refuses_while_matched_and_before_the_application(coordinator, programme):
    matched = EnrolmentFactory(programme=programme, status=EnrolmentStatus.MATCHED)
    MatchFactory(programme=programme, mentee=matched.person)
    with pytest.raises(OpenMatchLeft, match="Hodan Warsame er i et match"):
        services.end_enrolment(matched, by=coordinator, on=DAY, reason="x")
    waiting = EnrolmentFactory(programme=programme)
    with pytest.raises(ValidationError) as caught:
        services.end_enrolment(waiting, by=coordinator, on=dt.date(2011, 2, 28), reason="x")
    assert list(caught.value.message_dict) == ["on"]


def test_ending_reloads_the_status(coordinator, programme):
    """The person was matched while the page was open."""
    enrolment = EnrolmentFactory(programme=programme)
    Enrolment.objects.update(status=EnrolmentStatus.MATCHED, waiting_since=None)
    with pytest.raises(ValidationError, match="Kun en, der har ansøgt eller venter"):
        services.pause_enrolment(enrolment, by=coordinator, on=DAY, reason="x")
    Enrolment.objects.update(status=EnrolmentStatus.ENDED)
    with pytest.raises(ValidationError, match="allerede afsluttet"):
        services.end_enrolment(enrolment, by=coordinator, on=DAY, reason="x")


@pytest.mark.parametrize("capacity", [1, 2])
def test_a_mentor_with_an_open_match_cannot_end_the_role_and_is_not_offered_it(
    coordinator, client_of, programme, capacity
):
    mentor = MentorFactory(programme=programme, capacity=capacity)
    MatchFactory(programme=programme, mentor=mentor.person)
    page = client_of(coordinator).get(f"/personer/{mentor.person_id}/").text
    assert "Sæt på pause" in page
    assert "Afslut rollen" not in page
    with pytest.raises(OpenMatchLeft):
        services.end_enrolment(mentor, by=coordinator, on=DAY, reason="flyttet")
    Match.objects.update(status="ended", mentor_place=None, ended_on=DAY)
    assert "Afslut rollen" in client_of(coordinator).get(f"/personer/{mentor.person_id}/").text
    services.end_enrolment(mentor, by=coordinator, on=DAY, reason="flyttet")
    assert Enrolment.objects.get(pk=mentor.pk).status == EnrolmentStatus.ENDED


def test_changing_an_enrolment_needs_the_right_in_its_branch(other_branch_coordinator, manager, programme):
    enrolment = EnrolmentFactory(programme=programme)
    by = other_branch_coordinator
    for act in (
        lambda: services.pause_enrolment(enrolment, by=by, on=DAY, reason="x"),
        lambda: services.end_enrolment(enrolment, by=manager, on=DAY, reason="x"),
        lambda: services.reopen_enrolment(enrolment, by=by),
        lambda: services.update_enrolment(enrolment, by=by, wish="x"),
        lambda: services.enrol_person(enrolment.person, by=by, programme=programme, role="mentor"),
        lambda: services.update_person(enrolment.person, by=manager, first_name="x"),
        lambda: services.record_consent(enrolment.person, by=by, kind="store", is_given=True, on=DAY),
        lambda: services.update_organisation(OrganisationFactory(branch=programme.branch), by=by, name="x"),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_guest_may_be_changed_by_the_branch_of_the_enrolment(coordinator, koebenhavn, programme):
    person = PersonFactory(home_branch=koebenhavn)
    EnrolmentFactory(programme=programme, person=person)
    services.record_contact(person, by=coordinator, on=DAY)
    assert Person.objects.get(pk=person.pk).last_contacted_on == DAY


def test_record_consent_keeps_the_earlier_answers(coordinator, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg)
    ConsentFactory(person=person)
    services.record_consent(person, by=coordinator, kind="store", is_given=False, on=DAY)
    assert [(row.is_given, row.on) for row in person.consents.all()] == [(False, DAY), (True, dt.date(2011, 4, 19))]


def test_organisations_are_created_and_changed(coordinator, tingbjerg):
    organisation = services.create_organisation(by=coordinator, branch=tingbjerg, name="Tingbjerg Bibliotek")
    services.update_organisation(organisation, by=coordinator, name="Biblioteket", phone="38 21 10 31")
    assert str(Organisation.objects.get()) == "Biblioteket"
    with pytest.raises(ValidationError):
        services.create_organisation(by=coordinator, branch=tingbjerg, name="Biblioteket")


def test_commands_work_without_a_user(tingbjerg):
    person = services.create_person(by=None, branch=tingbjerg, first_name="Hodan")
    assert (person.created_by, AccessRecord.objects.get().user) == (None, None)


def test_load_vocabulary_is_idempotent_and_keeps_own_terms(tmp_path):
    added = services.load_vocabulary()
    assert added == Term.objects.count() > 70
    assert set(Term.objects.values_list("kind", flat=True)) == set(TermKind.values)
    jobs = Term.objects.get(kind="topic", name="Jobsøgning")
    jobs.aliases = ["arbejde", *jobs.aliases]
    jobs.save()
    Term.objects.create(kind="topic", name="Skak")
    assert services.load_vocabulary() == 0
    jobs.refresh_from_db()
    assert jobs.aliases == ["arbejde", "jobsøgning og CV", "CV", "ansøgning", "job"]
    file = tmp_path / "words.toml"
    file.write_text('[[topic]]\nname = "Jobsøgning"\nen = "Jobs"\naliases = []\n', encoding="utf-8")
    assert services.load_vocabulary(file) == 0
    jobs.refresh_from_db()
    assert (jobs.name_en, Term.objects.filter(name="Skak").count()) == ("Jobs", 1)


def test_two_programmes_of_one_branch_share_a_person(coordinator, tingbjerg, programme):
    second = ProgrammeFactory(branch=tingbjerg, name="Anden indsats")
    person = EnrolmentFactory(programme=programme).person
    services.enrol_person(person, by=coordinator, programme=second, role="mentee")
    assert person.enrolments.count() == 2
