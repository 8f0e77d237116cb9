"""The history of a record, in words and within what a user may see."""

import datetime as dt

import pytest
from django.utils import timezone

from common.history import ACT_WORDS, RECORD_WORDS, history_of
from common.history.parts import links_of, ranges_of
from common.history.words import excerpt
from common.journal import delete, erase_values, recording, revert, save, set_related
from common.models import Act, Change
from common.templatetags.danish import danish_datetime
from demo.factories import (
    AttendanceFactory,
    BranchFactory,
    ConsentFactory,
    EnrolmentFactory,
    EventFactory,
    InterviewFactory,
    MatchFactory,
    MeetingFactory,
    OrganisationFactory,
    PersonFactory,
    TargetFactory,
    TermFactory,
    VolunteerGroupFactory,
)
from events.models import Attendance, Event
from matching.models import Goal
from people.models import BranchQuestion, Enrolment, LanguageSkill, Organisation, Person
from people.services.merging import merge_people, undo_merge
from tests.journal_entries import change
from tests.test_services import public_functions

pytestmark = pytest.mark.django_db

SAME_DETAILS = {"emails": [], "phones": [], "address": "", "notes": "", "birth_date": None, "birth_year": None}
QUERIES = 11  # parts, deleted parts, creations, acts, entries, enrolments, people, programmes, three kinds of notes


@pytest.fixture
def person(tingbjerg):
    return PersonFactory(home_branch=tingbjerg, first_name="Åse", last_name="Berg")


def lines(record, user, number=0) -> list[tuple]:
    """Return title, label and text, or before and after, of the lines of an entry."""
    found = history_of(record, user)[:][number]
    return [
        (one.title, line.label, line.text) if line.text else (one.title, line.label, line.before, line.after)
        for one in found.records
        for line in one.lines
    ]


def test_a_record_without_entries_has_an_empty_history(person, coordinator):
    history = history_of(person, coordinator)
    assert (len(history), history[:20]) == (0, [])


def test_an_act_has_its_time_user_words_and_reason(person, administrator, coordinator):
    Act.objects.filter(pk=change(person, by=administrator, town="Herlev").pk).update(reason="Hun er flyttet")
    (entry,) = history_of(person, coordinator)[:]
    assert (entry.title, entry.by, entry.reason, timezone.localdate(entry.at)) == (
        "Oplysninger rettet", "Hanne Lund", "Hun er flyttet", dt.date(2011, 9, 15),
    )  # fmt: skip
    assert (entry.undoes, entry.undone, entry.note) == ("", "", None)


def test_an_act_of_a_command_that_has_no_words_is_described_politely(person, coordinator):
    change(person, act_name="mend_names", town="Herlev")
    (entry,) = history_of(person, coordinator)[:]
    assert (entry.title, entry.by) == ("Ændret", "en kommando på serveren")


def test_the_newest_act_comes_first_and_pages_are_slices(person, coordinator):
    for town in ("Herlev", "Valby", "Brønshøj"):
        change(person, town=town)
    history = history_of(person, coordinator)
    towns = [entry.records[0].lines[0].after for entry in history[:2]]
    assert (len(history), towns, len(history[2:4])) == (3, ["Brønshøj", "Valby"], 1)


def test_values_are_in_words(person, coordinator, tingbjerg):
    organisation = OrganisationFactory(branch=tingbjerg, name="VIDIT")
    Person.objects.filter(pk=person.pk).update(
        gender="unknown", birth_date=None, birth_year=1961, emails=[], phones=["+4557269617"], organisation=None
    )
    person.refresh_from_db()
    change(
        person,
        gender="woman",
        birth_date=dt.date(1961, 1, 5),
        birth_year=None,
        emails=["a@example.net", "b@example.net"],
        phones=["+4557269617", "+4512345678"],
        organisation=organisation,
    )
    found = {label: values for _title, label, *values in lines(person, coordinator)}
    assert found == {
        "Køn": ["Ikke kendt", "Kvinde"],
        "Fødselsdag": ["", "5.\xa0januar 1961"],
        "Fødselsår": ["1961", ""],
        "E-mailadresser": ["", "a@example.net, b@example.net"],
        "Telefonnumre": ["57\xa026\xa096\xa017", "57\xa026\xa096\xa017, 12\xa034\xa056\xa078"],
        "Organisation": ["", "VIDIT"],
    }


def test_times_numbers_and_yes_or_no_are_in_words(programme, coordinator):
    event = EventFactory(programme=programme, capacity=None)
    day = dt.datetime(2011, 9, 20, 15, 30, tzinfo=dt.UTC)
    Event.objects.filter(pk=event.pk).update(starts_at=day, ends_at=day + dt.timedelta(hours=2))
    event.refresh_from_db()
    change(event, starts_at=day + dt.timedelta(hours=1), capacity=1478, is_cancelled=True)
    assert lines(event, coordinator) == [
        ("", "Begynder", "20.\xa0september 2011 kl.\xa017.30", "20.\xa0september 2011 kl.\xa018.30"),
        ("", "Pladser", "", "1.478"),
        ("", "Aflyst", "nej", "ja"),
    ]


def test_derived_fields_are_left_out(person, coordinator):
    change(person, search_text="åse berg")
    assert Change.objects.count() == 0
    match = MatchFactory(mentor=person, mentor_place=1)
    change(match, mentor_place=2)
    assert Change.objects.filter(field="mentor_place").count() == 1
    assert len(history_of(match, coordinator)) == 0


def test_a_reference_that_the_user_may_not_see_has_no_name(person, coordinator, koebenhavn):
    change(person, organisation=OrganisationFactory(branch=koebenhavn, name="Hemmelig"))
    assert lines(person, coordinator) == [("", "Organisation", "", "en anden post")]


def test_parts_have_a_name_and_many_of_a_kind_share_a_line(person, coordinator, programme):
    with recording("create_person", by=None):
        enrolment = Enrolment(person=person, programme=programme, role="mentee")
        save(enrolment)
        for name in ("Dansk", "Somali"):
            save(LanguageSkill(person=person, language=TermFactory(kind="language", name=name)))
    name = f"Mentee, {programme.name}"
    assert lines(person, coordinator) == [
        ("", "Rolle i en indsats", f"oprettet: {name}"),
        ("", "2 sprog", "oprettet: Dansk; Somali"),
    ]
    change(enrolment, act_name="pause_enrolment", status="paused", paused_on=dt.date(2011, 9, 1), paused_reason="Rejse")
    assert lines(person, coordinator) == [
        (f"Rolle i en indsats: {name}", "Status", "Har ansøgt", "På pause"),
        (f"Rolle i en indsats: {name}", "På pause siden", "", "1.\xa0september 2011"),
        (f"Rolle i en indsats: {name}", "Hvorfor pausen", "", "Rejse"),
    ]


def test_a_new_part_has_the_name_that_it_had_then(coordinator, programme):
    match = MatchFactory(programme=programme)
    with recording("add_goal", by=None):
        goal = Goal(match=match, text="Job")
        save(goal)
    for text in ("Fritidsjob", "Fritidsjob i byen"):
        change(goal, act_name="update_goal", text=text)
    assert [lines(match, coordinator, number) for number in range(3)] == [
        [("Mål: Fritidsjob i byen", "Mål", "Fritidsjob", "Fritidsjob i byen")],
        [("Mål: Fritidsjob i byen", "Mål", "Job", "Fritidsjob")],
        [("", "Mål", "oprettet: Job")],
    ]


def test_a_new_record_says_so(coordinator, tingbjerg):
    with recording("create_organisation", by=None):
        organisation = Organisation(branch=tingbjerg, name="VIDIT")
        save(organisation)
    assert lines(organisation, coordinator) == [("", "", "Oprettet")]


def test_many_to_many_rows_are_read_as_their_field(person, coordinator, programme):
    enrolment = EnrolmentFactory(person=person, programme=programme, role="mentee")
    football, computers = (TermFactory(kind="topic", name=name) for name in ("Fodbold", "IT"))
    enrolment.terms.set([computers])
    with recording("update_wishes", by=None):
        set_related(enrolment, "terms", [football])
    title = f"Rolle i en indsats: Mentee, {programme.name}"
    assert lines(person, coordinator) == [(title, "Tilbyder eller ønsker", "+\xa0Fodbold, −\xa0IT")]


def test_a_group_has_the_roles_that_joined_it(person, coordinator, programme):
    group = VolunteerGroupFactory(programme=programme)
    enrolment = EnrolmentFactory(person=person, programme=programme, role="volunteer")
    with recording("update_enrolment", by=None):
        set_related(enrolment, "groups", [group])
    assert lines(group, coordinator) == [("", "Roller i indsatser", f"+\xa0Åse Berg · Frivillig · {programme.name}")]


def test_a_deleted_part_is_named_with_what_it_contained(coordinator, programme):
    match = MatchFactory(programme=programme)
    meeting = MeetingFactory(match=match, held_on=dt.date(2011, 9, 1), hours="1.50", note="Kaffe")
    with recording("remove_meeting", by=coordinator):
        delete(meeting)
    assert lines(match, coordinator) == [("", "Møde", "slettet: 1.\xa0september 2011")]
    (line,) = history_of(match, coordinator)[:][0].records[0].lines
    assert dict(line.values) == {"Dato": "1.\xa0september 2011", "Timer": "1,5", "Note": "Kaffe"}


def test_a_restored_part_says_so(coordinator, programme):
    match = MatchFactory(programme=programme)
    meeting = MeetingFactory(match=match, held_on=dt.date(2011, 9, 1))
    with recording("remove_meeting", by=coordinator) as journal:
        delete(meeting)
        done = journal.begin()
    with recording("undo_import", by=coordinator):
        revert(done)
    assert [lines(match, coordinator, number) for number in range(2)] == [
        [("", "Møde", "gendannet: 1.\xa0september 2011")],
        [("", "Møde", "slettet: 1.\xa0september 2011")],
    ]


def test_a_deleted_question_is_seen_by_the_two_branches_only(person, coordinator, koebenhavn, tingbjerg):
    third = BranchFactory(name="Aarhus", slug="aarhus", code="A")
    for asking, asked in ((koebenhavn, tingbjerg), (koebenhavn, third)):
        with recording("withdraw_question", by=None):
            question = BranchQuestion(
                asking_branch=asking, asked_branch=asked, person=person, about="Åse", asked_by=coordinator
            )
            question.save()
            delete(question)
    assert len(history_of(person, coordinator)) == 1
    assert lines(person, coordinator) == [("", "Spørgsmål til en anden afdeling", "slettet: København, Tingbjerg")]


def test_many_ids_are_found_by_few_ranges():
    assert ranges_of([1, 2, 40, 200]) == [(1, 40), (200, 200)]
    spread = list(range(0, 300_000, 1_000))
    found = ranges_of(spread)
    assert len(found) <= 200
    assert all(any(first <= pk <= last for first, last in found) for pk in spread)


def test_an_app_can_put_its_codes_into_words(programme, coordinator):
    target = TargetFactory(programme=programme, filters={}, indicator="mentees_recruited")
    change(target, filters={"gender": "man"}, indicator="mentors_recruited")
    assert lines(target, coordinator) == [
        ("", "Det, der tælles", "Rekrutterede mentees", "Rekrutterede mentorer"),
        ("", "Afgrænset til", "", "Mand"),
    ]


def test_parts_of_deleted_parts_are_found(person, coordinator, programme):
    enrolment = EnrolmentFactory(person=person, programme=programme, role="mentor", status="applied")
    InterviewFactory(enrolment=enrolment, planned_on=None, held_on=dt.date(2011, 9, 1), summary="Rolig")
    with recording("remove", by=None):
        delete(enrolment)
    found = [label for _title, label, _text in lines(person, coordinator)]
    assert found == ["Interview", "Rolle i en indsats"]


def test_parts_of_another_branch_are_not_shown(person, coordinator, other_branch_coordinator, other_programme):
    """Both branches see the person; neither sees the other's enrolments and interviews, stored or deleted."""
    enrolment = EnrolmentFactory(person=person, programme=other_programme, role="mentor")
    kept = EnrolmentFactory(person=person, programme=other_programme, role="volunteer")
    interview = InterviewFactory(enrolment=enrolment, summary="Hemmeligt")
    change(interview, summary="Meget hemmeligt")
    change(kept, wish="Hemmeligt ønske")
    with recording("remove", by=None):
        delete(enrolment)
    assert len(history_of(person, coordinator)) == 0
    assert len(history_of(person, other_branch_coordinator)) == 3


def test_parts_follow_the_verb_of_their_own_model(programme, manager, coordinator):
    """A manager sees programmes, but not the people at events."""
    invitation = EventFactory(programme=programme).programme_invitations.create(
        programme=programme, invited_on=dt.date(2011, 9, 1)
    )
    with recording("withdraw_programme_invitation", by=None):
        delete(invitation)
    assert lines(programme, coordinator)[0][2].startswith("slettet: ")
    assert lines(programme, manager) == [("", "Invitation af anden afdeling", "slettet: en anden post")]


def test_an_attendance_belongs_to_the_event_and_to_the_person(person, coordinator, programme):
    event = EventFactory(programme=programme, title="Netværksaften")
    attendance = AttendanceFactory(event=event, person=person, status="invited")
    change(attendance, act_name="tick_attendance", status="attended", place_number=None)
    assert [title for title, *_line in lines(event, coordinator)] == ["Fremmøde: Åse Berg"]
    assert [title for title, *_line in lines(person, coordinator)] == ["Fremmøde: Netværksaften"]


def test_records_created_together_are_found_in_their_common_entry(programme, coordinator):
    event = EventFactory(programme=programme)
    people = [PersonFactory(home_branch=programme.branch) for _number in range(4)]
    with recording("invite_people", by=None) as journal:
        journal.create(Attendance, [Attendance(event=event, person=person) for person in people])
    assert Change.objects.get(model="events.attendance").last_id > Change.objects.get().record_id
    assert lines(people[2], coordinator) == [("", "Fremmøde", f"oprettet: {event.title}")]
    assert len(history_of(PersonFactory(home_branch=programme.branch), coordinator)) == 0
    assert lines(event, coordinator)[0][2].count(";") == 3


def test_undoing_and_what_was_undone_say_so(person, administrator, coordinator):
    done = change(person, by=coordinator, town="Herlev")
    with recording("undo_import", by=administrator):
        revert(done)
    undo, undone = history_of(person, coordinator)[:]
    assert undo.title == "Import fortrudt"
    assert undo.undoes == f"Fortryder »Oplysninger rettet« fra {danish_datetime(undone.at)} af Mette Sørensen."
    assert undone.undone == f"Fortrudt {danish_datetime(undo.at)} af Hanne Lund."


def test_long_texts_are_shortened_to_where_they_differ(person, coordinator):
    Person.objects.filter(pk=person.pk).update(notes="Langt ord. " * 30)
    person.refresh_from_db()
    change(person, notes=person.notes + "Nyt.")
    (line,) = history_of(person, coordinator)[:][0].records[0].lines
    assert line.short_before == "… Langt ord. Langt ord. Langt ord. Langt ord. "
    assert line.short_after == "… Langt ord. Langt ord. Langt ord. Langt ord. Nyt."
    assert (excerpt("a" * 161), excerpt("Kort"), excerpt("a" * 160)) == ("a" * 120 + "…", "Kort", "a" * 160)


def test_a_merge_is_in_the_history_of_the_kept_person_even_if_it_changed_nothing_there(
    person, administrator, tingbjerg
):
    other = PersonFactory(home_branch=tingbjerg, case_number="T-2011-900", **SAME_DETAILS)
    Person.objects.filter(pk=person.pk).update(case_number="T-2011-001", **SAME_DETAILS)
    merge = merge_people(person, other, by=administrator)
    (entry,) = history_of(person, administrator)[:]
    assert (entry.title, entry.note.text, entry.records) == (
        "To personer lagt sammen", "Sag T-2011-900 er lagt sammen med T-2011-001.", [],
    )  # fmt: skip
    undo_merge(merge, by=administrator)
    undo, undone = history_of(person, administrator)[:]
    assert (undo.title, undo.note, bool(undone.undone)) == ("Sammenlægning fortrudt", entry.note, True)
    assert [(one.title, one.records[0].lines[0].text) for one in history_of(other, administrator)[:]] == [
        ("Sammenlægning fortrudt", "Gendannet"),
        ("To personer lagt sammen", "Slettet"),
    ]


def test_erased_values_are_not_shown(person, coordinator):
    change(person, town="Herlev", notes="Hemmeligt")
    erase_values([person])
    assert lines(person, coordinator) == [
        ("", "By", "slettet af hensyn til persondata"),
        ("", "Noter", "slettet af hensyn til persondata"),
    ]


def test_a_part_that_moved_here_says_where_from(person, coordinator, programme, tingbjerg):
    other = PersonFactory(home_branch=tingbjerg, first_name="Asta", last_name="Berg")
    consent = ConsentFactory(person=other)
    change(consent, act_name="merge_people", person=person)
    assert [line[1:] for line in lines(person, coordinator)] == [("", "Flyttet hertil fra Asta Berg")]
    Person.objects.filter(pk=other.pk).delete()
    assert [line[1:] for line in lines(person, coordinator)] == [("", "Flyttet hertil")]


def test_a_field_of_an_earlier_version_is_shown_by_its_name(person, coordinator):
    person = PersonFactory(home_branch=person.home_branch, town="Valby")
    change(person, town="Herlev")
    Change.objects.filter(field="town").update(field="village")
    assert lines(person, coordinator) == [("", "village", "Valby", "Herlev")]


def test_the_number_of_queries_does_not_grow_with_the_entries(
    person, coordinator, programme, django_assert_num_queries
):
    enrolments = [EnrolmentFactory(person=person, programme=programme, role=role) for role in ("mentor", "mentee")]
    for enrolment in enrolments:
        change(enrolment, wish="Først")
    history_of(person, coordinator)  # reads the memberships of the user once
    with django_assert_num_queries(QUERIES):
        assert len(history_of(person, coordinator)[:20]) == 2
    for number in range(8):
        for enrolment in enrolments:
            change(enrolment, wish=f"Nummer {number}")
    with django_assert_num_queries(QUERIES):
        entries = history_of(person, coordinator)[:20]
    assert len(entries) == 18


def test_described_fields_exist_and_parts_are_described_or_left_out_on_purpose():
    described = list(RECORD_WORDS.keys())
    for model in described:
        for name in (*RECORD_WORDS[model].names, *RECORD_WORDS[model].hidden):
            model._meta.get_field(name)  # raises FieldDoesNotExist
    pages = [model for model in described if RECORD_WORDS[model].url]
    parts = {link.part.__name__ for model in pages for link in links_of(model)}
    assert parts == {
        *(
            "Enrolment",
            "EnrolmentPeriod",
            "PersonState",
            "BranchTransfer",
            "FormerCaseNumber",
            "Enrolment_terms",
            "Enrolment_groups",
            "Interview",
            "ScreeningCheck",
            "LanguageSkill",
            "Consent",
        ),
        *("DistinctPeople", "BranchQuestion", "Attendance", "ProgrammeInvitation"),
        *("MatchStep", "MatchPause", "MatchEnding", "Handover", "FollowUp", "Meeting", "Goal", "Outcome"),
        *("Contact", "PlannedMeeting"),
        *("FollowUpStep", "ScreeningRequirement", "ProgrammePolicyArea", "Programme_funders", "Target", "TargetPhase"),
    }


def test_every_act_on_records_with_a_history_has_words():
    apps = ("programmes", "people", "matching", "events", "reporting")
    acts = {
        name.rpartition(".")[2]
        for name, function in public_functions()
        if name.startswith(apps) and getattr(function, "is_act", False)
    }
    assert len(acts) > 20
    assert sorted(name for name in acts if name not in ACT_WORDS) == []
