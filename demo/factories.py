"""Factories of invented records for the demo and the tests. They call no services and have no side effects."""

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.enums import Role
from accounts.models import Branch, Membership, User
from accounts.roles import Verb, roles_that_may
from events.enums import AttendanceStatus, EventKind
from events.models import Attendance, Event
from imports.models import ImportBatch
from matching.enums import Channel, ContactResult, MatchStatus
from matching.models import (
    Contact,
    FollowUp,
    Interview,
    Match,
    MatchEnding,
    MatchPause,
    Meeting,
    PlannedMeeting,
    ScreeningCheck,
)
from people.enums import PERIOD_STATUSES, EnrolmentStatus, Gender, GroupKind, GroupStatus, TermKind
from people.models import Consent, Enrolment, EnrolmentPeriod, Organisation, Person, Term, VolunteerGroup
from programmes.enums import ContactSide, ParticipantRole, ScreeningKind
from programmes.models import FollowUpStep, Programme, ScreeningRequirement
from reporting.models import Target

TIMEZONE = dt.timezone(dt.timedelta(hours=2))
HIGH = 10_000  # above the numbers that tests and services give


class BranchFactory(DjangoModelFactory):
    class Meta:
        model = Branch
        django_get_or_create = ("slug",)

    name = "Tingbjerg"
    slug = factory.LazyAttribute(lambda branch: branch.name.lower().replace("ø", "oe"))
    code = factory.LazyAttribute(lambda branch: branch.name[0].upper())
    area = factory.SelfAttribute("name")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Medarbejder {n}")
    email = factory.Sequence(lambda n: f"medarbejder{n}@example.net")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    accepted_at = factory.LazyFunction(timezone.now)
    user = factory.SubFactory(UserFactory)
    branch = factory.SubFactory(BranchFactory)
    role = Role.COORDINATOR


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme

    branch = factory.SubFactory(BranchFactory)
    name = "Mentornetværket Tingbjerg"
    slug = factory.Sequence(lambda n: f"programme-{n}")
    starts_on = dt.date(2010, 1, 1)
    ends_on = dt.date(2011, 12, 31)


class FollowUpStepFactory(DjangoModelFactory):
    class Meta:
        model = FollowUpStep

    programme = factory.SubFactory(ProgrammeFactory)
    name = "Månedlig"
    side = ContactSide.MENTEE
    days_after_start = 30


class ScreeningRequirementFactory(DjangoModelFactory):
    class Meta:
        model = ScreeningRequirement

    programme = factory.SubFactory(ProgrammeFactory)
    role = ParticipantRole.MENTOR
    kind = ScreeningKind.CRIMINAL_RECORD


class TermFactory(DjangoModelFactory):
    class Meta:
        model = Term
        django_get_or_create = ("kind", "name")

    kind = TermKind.TOPIC
    name = "Jobsøgning"


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    branch = factory.SubFactory(BranchFactory)
    name = factory.Sequence(lambda n: f"Forening {n}")


class VolunteerGroupFactory(DjangoModelFactory):
    class Meta:
        model = VolunteerGroup

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Gruppe {n}")
    kind = GroupKind.HOMEWORK_CAFE
    status = GroupStatus.ESTABLISHED


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    home_branch = factory.SubFactory(BranchFactory)
    case_number = factory.Sequence(lambda n: f"T-2011-{HIGH + n}")
    first_name = "Hodan"
    last_name = "Warsame"
    gender = Gender.WOMAN
    birth_date = dt.date(1977, 5, 3)
    phones = factory.Sequence(lambda n: [f"+45{50000000 + n}"])
    emails = factory.Sequence(lambda n: [f"person{n}@example.net"])
    search_text = factory.LazyAttribute(
        lambda stub: Person(
            first_name=stub.first_name,
            last_name=stub.last_name,
            case_number=stub.case_number,
            emails=stub.emails,
            phones=stub.phones,
        ).build_search_text()
    )


class EnrolmentFactory(DjangoModelFactory):
    class Meta:
        model = Enrolment
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    person = factory.SubFactory(PersonFactory, home_branch=factory.SelfAttribute("..programme.branch"))
    role = ParticipantRole.MENTEE
    status = EnrolmentStatus.WAITING
    applied_on = dt.date(2011, 3, 1)
    waiting_since = factory.LazyAttribute(
        lambda stub: dt.date(2011, 4, 1) if stub.status == EnrolmentStatus.WAITING else None
    )

    wait_counted_from = factory.LazyAttribute(
        lambda stub: stub.waiting_since if stub.status == EnrolmentStatus.WAITING else None
    )

    @factory.post_generation
    def periods(self, create, extracted, **kwargs):
        """Store the wait, the pause or the end that the status says."""
        began = {"waiting": self.waiting_since, "paused": self.paused_on, "ended": self.ended_on}
        began["declined"] = self.ended_on
        if create and self.status in PERIOD_STATUSES:
            EnrolmentPeriod.objects.create(
                enrolment=self, status=self.status, began_on=began[self.status], expected_on=self.paused_until,
                reason=self.paused_reason or self.ended_reason, starts_over=self.status == EnrolmentStatus.WAITING,
            )  # fmt: skip

    @factory.post_generation
    def terms(self, create, extracted, **kwargs):
        if create and extracted:
            self.terms.set(extracted)


class MentorFactory(EnrolmentFactory):
    """The enrolment of a mentor who is ready for a match."""

    role = ParticipantRole.MENTOR
    person = factory.SubFactory(
        PersonFactory,
        home_branch=factory.SelfAttribute("..programme.branch"),
        first_name="Birgitte",
        last_name="Holm",
    )


class InterviewFactory(DjangoModelFactory):
    class Meta:
        model = Interview

    enrolment = factory.SubFactory(EnrolmentFactory)
    held_on = dt.date(2011, 4, 1)


class ScreeningCheckFactory(DjangoModelFactory):
    class Meta:
        model = ScreeningCheck

    enrolment = factory.SubFactory(MentorFactory)
    kind = ScreeningKind.CRIMINAL_RECORD
    checked_on = dt.date(2011, 3, 1)


class MatchFactory(DjangoModelFactory):
    """An active match of two people who are enrolled in its programme."""

    class Meta:
        model = Match
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    number = factory.Sequence(lambda n: f"M-2011-{HIGH + n}")
    mentor = factory.LazyAttribute(
        lambda stub: MentorFactory(programme=stub.programme, status=EnrolmentStatus.MATCHED).person
    )
    mentee = factory.LazyAttribute(
        lambda stub: EnrolmentFactory(programme=stub.programme, status=EnrolmentStatus.MATCHED).person
    )
    status = MatchStatus.ACTIVE
    mentor_place = factory.LazyAttribute(
        lambda stub: 1 if stub.status in {"proposed", "introduced", "active", "paused"} else None
    )
    coordinator = factory.LazyAttribute(lambda stub: None if stub.coordinator_note else _worker_of(stub.programme))
    coordinator_note = ""
    proposed_on = dt.date(2011, 6, 1)
    started_on = dt.date(2011, 6, 28)

    @factory.post_generation
    def endings(self, create, extracted, **kwargs):
        """Store the end of an ended match."""
        if create and self.ended_on:
            talk_on = self.closing_talk_on
            MatchEnding.objects.create(
                match=self, on=self.ended_on, reason=self.end_reason, note=self.end_note,
                mentee_talk_on=talk_on, mentor_talk_on=talk_on,
            )  # fmt: skip

    @factory.post_generation
    def pauses(self, create, extracted, **kwargs):
        """Store the open pause of a match on pause."""
        if create and self.paused_on:
            MatchPause.objects.create(match=self, began_on=self.paused_on, expected_on=self.paused_until)

    @factory.post_generation
    def planned_meetings(self, create, extracted, **kwargs):
        """Store the planned first meeting of an introduced match."""
        if create and self.status == MatchStatus.INTRODUCED and self.introduced_on:
            PlannedMeetingFactory(match=self, is_first=True, on=self.introduced_on, place=self.first_meeting_place)


def _worker_of(programme: Programme) -> User | None:
    """Return the first user who works with cases in the programme's branch."""
    roles = roles_that_may(Verb.WORK_CASES)
    return User.objects.members_of([programme.branch_id], roles).order_by("pk").first() if programme.pk else None


class FollowUpFactory(DjangoModelFactory):
    class Meta:
        model = FollowUp

    match = factory.SubFactory(MatchFactory)
    name = "Månedlig opfølgning"
    side = ContactSide.MENTEE
    due_on = dt.date(2011, 9, 6)


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    enrolment = factory.SubFactory(EnrolmentFactory)
    on = dt.date(2011, 9, 8)
    channel = Channel.PHONE
    result = ContactResult.TALKED


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    match = factory.SubFactory(MatchFactory)
    held_on = dt.date(2011, 7, 5)
    hours = 2


class PlannedMeetingFactory(DjangoModelFactory):
    class Meta:
        model = PlannedMeeting

    match = factory.SubFactory(MatchFactory)
    on = dt.date(2011, 9, 20)
    time = dt.time(16, 30)
    place = "Tingbjerg Bibliotek"


class EventFactory(DjangoModelFactory):
    class Meta:
        model = Event

    programme = factory.SubFactory(ProgrammeFactory)
    kind = EventKind.NETWORK
    title = "Netværksaften"
    starts_at = dt.datetime(2011, 9, 22, 17, 0, tzinfo=TIMEZONE)
    ends_at = factory.LazyAttribute(lambda stub: stub.starts_at + dt.timedelta(hours=3))
    place = "Tingbjerg Bibliotek"


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    event = factory.SubFactory(EventFactory)
    person = factory.LazyAttribute(lambda stub: EnrolmentFactory(programme=stub.event.programme).person)
    status = AttendanceStatus.INVITED


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    person = factory.SubFactory(PersonFactory)
    kind = "store"
    is_given = True
    on = dt.date(2011, 4, 19)


class ImportBatchFactory(DjangoModelFactory):
    class Meta:
        model = ImportBatch

    programme = factory.SubFactory(ProgrammeFactory)
    kind = "mentor"
    file_name = "mentorbank.xlsx"
    digest = "0" * 64


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = Target

    programme = factory.SubFactory(ProgrammeFactory)
    key = factory.Sequence(lambda n: f"target-{n}")
    indicator = "matches_established"
    label = "Match"
    wording = "Etablering af 25 mandlige match"
    period_start = dt.date(2011, 1, 1)
    period_end = dt.date(2011, 12, 31)
    value = 25
