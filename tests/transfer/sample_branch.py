"""A branch with a row in every table, and values that are easily lost in a file in every column."""

import datetime as dt
import uuid
from decimal import Decimal
from itertools import count, cycle

from django.db import connection, models

from accounts.models import AccessRecord, Branch, Membership, User
from common.models import NumberSeries
from demo.factories import BranchFactory, UserFactory
from events.models import Attendance, Event, ProgrammeInvitation
from imports.models import KnownWord, SavedMapping
from matching.models import (
    Contact,
    FollowUp,
    Goal,
    Handover,
    Interview,
    Match,
    MatchEnding,
    MatchPause,
    MatchStep,
    Meeting,
    Outcome,
    PlannedMeeting,
    ScreeningCheck,
)
from people.models import (
    BranchTransfer,
    Consent,
    DistinctPeople,
    Draft,
    Enrolment,
    EnrolmentPeriod,
    FormerCaseNumber,
    LanguageSkill,
    Organisation,
    Person,
    PersonMerge,
    PersonState,
    Term,
    VolunteerGroup,
)
from programmes.models import (
    FollowUpStep,
    Funder,
    PolicyArea,
    Programme,
    ProgrammePolicyArea,
    ScreeningRequirement,
)
from reporting.models import StatusReport, Target, TargetPhase
from transfer.tables import branch_tables

AWKWARD = [
    "=1+1",
    "==1+1",
    "+4550252858",
    "+45 50 25 28 58",
    "-5",
    "- et punkt",
    "@SUM(A1)",
    "\tindrykket",
    "'citat'",
    "'=1+1",
    "''",
    "'",
    " ",
    "\r\nto\nlinjer\rtre",
    'en "citeret"; og; semikolon',
    "»æøå ÆØÅ ğşć« 😀👩‍👩‍👧",
    "\ufeff=1",
    "\x0bfane\x0c",
    "\x01=1",
    "%1",
    "|x",
    "007",
    "1,5",
    "1e5",
    "nej",
    "null",
    "#REF!",
    "\u2028ny\u00a0linje\u200b",
    "  luft  ",
    '"',
    '""',
    ";",
    "\\n",
    "NaN",
    "15-09-2011",
]
LISTS = [["+4550252858", "+46701234567"], ["=1+1", 'a "b"'], [7, 2.5, None, True], [{"ø": "\r\n😀", "a": []}]]
INSTANTS = [
    dt.datetime(2011, 3, 27, 0, 59, 59, 999999, tzinfo=dt.UTC),  # the second before summer time
    dt.datetime(2011, 10, 30, 0, 30, tzinfo=dt.UTC),  # 02.30 in summer time
    dt.datetime(2011, 10, 30, 1, 30, tzinfo=dt.UTC),  # 02.30 in winter time
    dt.datetime(1999, 12, 31, 23, 0, 0, 1, tzinfo=dt.UTC),
]


class SampleBranch:
    """Stores the rows: ``branch`` has rows in all tables, ``other`` a programme, an event and two people."""

    def __init__(self):
        self.texts, self.lists, self.instants = cycle(AWKWARD), cycle(LISTS), cycle(INSTANTS)
        self.numbers = count(1)
        self.user = UserFactory(email="hanne@example.net", name="Hanne Lund")
        self.branch = self.store(Branch, name="Tingbjerg", slug="tingbjerg", code="T")
        self.other = BranchFactory(name="København", slug="koebenhavn", code="K")
        self._programmes()
        self._people()
        self._cases()
        self._events()
        self._targets_and_reports()

    def store(self, model: type[models.Model], **given) -> models.Model:
        """Store a row raw. Fields that are not given get an awkward value of their type."""
        row = model(**given)
        for field in model._meta.concrete_fields:
            if field.name not in given and field.attname not in given and not field.primary_key:
                setattr(row, field.attname, self._value(field))
        row.clean_fields(exclude=[field.name for field in model._meta.concrete_fields if field.is_relation])
        row.save_base(raw=True)
        return row

    def _value(self, field: models.Field) -> object:
        if field.is_relation:
            return self.user.pk if field.related_model is User else None
        if field.choices:
            return field.choices[-1][0]
        number = next(self.numbers)
        simple = {
            models.EmailField: f"+x{number}@example.net",
            models.SlugField: f"-kort-{number}",
            models.JSONField: {"=ø": next(self.lists)} if field.default is dict else next(self.lists),
            models.UUIDField: uuid.UUID(int=number << 64),
            models.BooleanField: True,
            models.DecimalField: Decimal("7.5"),
            models.DateTimeField: next(self.instants),
            models.DateField: dt.date(2011, 1, 1) + dt.timedelta(days=number),
            models.TimeField: dt.time(9, 5, 0, number),
            models.IntegerField: 1 + number % 40,
            models.BinaryField: None,
        }
        for kind, value in simple.items():
            if isinstance(field, kind):
                return value
        return next(self.texts)[: field.max_length]

    def _programmes(self) -> None:
        funder = self.store(Funder, name="=Ministeriet")
        area = self.store(PolicyArea, name="+Tryghed")
        years = {"starts_on": dt.date(2010, 1, 1), "ends_on": dt.date(2011, 12, 31), "max_age": 3000}
        self.programme = self.store(Programme, branch=self.branch, slug="tingbjerg-2010", **years)
        self.programme.funders.add(funder)
        self.guest_programme = self.store(Programme, branch=self.other, slug="koebenhavn", **years)
        self.store(ProgrammePolicyArea, programme=self.programme, policy_area=area)
        self.step = self.store(FollowUpStep, programme=self.programme, days_after_start=1, until_days=500)
        self.store(FollowUpStep, programme=self.programme, repeat_days=None, until_days=None)
        self.store(ScreeningRequirement, programme=self.programme)
        self.store(SavedMapping, branch=self.branch)
        self.store(KnownWord, branch=self.branch)

    def person(self, number: int, **given) -> Person:
        """Store a person with a case number and the search text that services would set."""
        given = {"home_branch": self.branch, "case_number": f"T-2011-{number:03d}", "birth_year": 1980} | given
        given = {"arrival_year": 1999, "emails": ["=x@example.net"], "phones": ["+4550252858"]} | given
        person = self.store(Person, search_text="", **given)
        Person.objects.filter(pk=person.pk).update(search_text=person.build_search_text())
        return person

    def _people(self) -> None:
        self.guest = self.person(5, home_branch=self.other, case_number="K-2010-005")
        self.stranger = self.person(6, home_branch=self.other, case_number="K-2010-006")
        organisation = self.store(Organisation, branch=self.branch, name="=Områdesekretariatet")
        group = self.store(VolunteerGroup, programme=self.programme, partner=organisation)
        self.mentor = self.person(38, organisation=organisation)
        self.mentee = self.person(7, birth_date=None, birth_year=None, emails=[], phones=[], arrival_year=None)
        self.former = self.person(1003)
        words = [self.store(Term, kind="topic", name=f"{start}ord") for start in ("=", "Å", "a", "Z")]
        self.store(Term, kind="area", name="Nobody's word")
        language = self.store(Term, kind="language", name="arabisk")
        for person in (self.guest, self.mentor, self.mentee):  # in the order of the restored rows
            self.store(LanguageSkill, person=person, language=language)
            self.store(Consent, person=person)
        self.store(FormerCaseNumber, person=self.mentor, number="T-2011-002")
        self.store(PersonState, person=self.mentor, lifted_reason="=Fejl")
        facts = {"programme": self.programme, "status": "ended", "max_age": 3000}
        running = facts | {"ended_on": None, "ended_reason": ""}
        self.enrolment = self.store(Enrolment, person=self.mentor, role="mentor", **running | {"status": "waiting"})
        self.store(Enrolment, person=self.mentee, role="mentee", **running | {"status": "matched"})
        ended = self.store(Enrolment, person=self.guest, role="mentee", **facts)
        open_now = {"ended_on": None, "end_reason": ""}
        self.store(EnrolmentPeriod, enrolment=self.enrolment, status="paused")
        self.store(EnrolmentPeriod, enrolment=self.enrolment, status="waiting", **open_now)
        self.store(EnrolmentPeriod, enrolment=ended, status="ended", **open_now)
        self.store(Enrolment, person=self.former, role="mentee", **facts | {"programme": self.guest_programme})
        self.enrolment.terms.set(words)
        self.enrolment.groups.add(group)
        self.store(DistinctPeople, first=self.mentor, second=self.mentee, is_household=True)
        self.store(DistinctPeople, first=self.stranger, second=self.mentor)
        self.store(PersonMerge, branch=self.branch, kept=self.mentor)
        found_by = Person.objects.get(pk=self.mentor.pk).build_search_text()  # with the numbers of earlier branches
        Person.objects.filter(pk=self.mentor.pk).update(search_text=found_by)

    def _cases(self) -> None:
        self.store(Interview, enrolment=self.enrolment)
        self.store(Interview, enrolment=self.enrolment, planned_time=None)
        self.store(ScreeningCheck, enrolment=self.enrolment)
        days = {"proposed_on": dt.date(2011, 6, 1), "started_on": dt.date(2011, 6, 28)}
        sides = {"programme": self.programme, "mentor": self.mentor, **days}
        self.match = self.store(
            Match,
            mentee=self.mentee,
            number="M-2011-021",
            status="paused",
            ended_on=None,
            mentor_place=2,
            **sides,
        )
        ended = {"status": "ended", "mentor_place": None, "ended_on": dt.date(2011, 9, 1)}
        ended |= {"paused_on": None, "paused_until": None}
        self.store(Match, mentee=self.guest, number="M-2010-3", **ended, **sides)
        # A mentor of another branch without an enrolment in this one, so that the file has the number only.
        away = self.store(Match, mentee=self.mentee, number="gammel", **ended, **sides | {"mentor": self.stranger})
        self.store(MatchStep, match=self.match)
        self.store(MatchPause, match=self.match)
        self.store(MatchEnding, match=self.match)
        self.store(Handover, match=self.match)
        self.store(FollowUp, match=self.match, step=self.step, skipped_reason="")
        self.store(FollowUp, match=self.match, step=None, done_on=None, channel="", mood="", support="")
        self.store(Contact, enrolment=self.enrolment, match=self.match, result="talked")
        try_only = {"result": "not_reached", "mood": "", "support": ""}
        self.store(Contact, enrolment=self.enrolment, match=None, **try_only)
        held = self.store(Meeting, match=self.match)
        self.store(Meeting, match=away)
        self.store(PlannedMeeting, match=self.match, state="held", meeting=held)
        self.store(PlannedMeeting, match=self.match, time=None)
        self.store(Goal, match=self.match, status="reached")
        self.store(Outcome, match=self.match)

    def _events(self) -> None:
        hours = {"starts_at": INSTANTS[1], "ends_at": INSTANTS[2]}
        self.event = self.store(Event, programme=self.programme, **hours)
        self.store(ProgrammeInvitation, event=self.event, programme=self.guest_programme)
        self.store(Attendance, event=self.event, person=self.mentor, place_number=1)
        self.store(Attendance, event=self.event, person=self.stranger, place_number=2)
        away = self.store(Event, programme=self.guest_programme, **hours)
        self.store(ProgrammeInvitation, event=away, programme=self.programme)
        self.store(Attendance, event=away, person=self.mentor, place_number=1)

    def _targets_and_reports(self) -> None:
        period = {"period_start": dt.date(2011, 1, 1), "period_end": dt.date(2011, 12, 31)}
        target = self.store(Target, programme=self.programme, filters={"gender": "man"}, **period)
        self.store(TargetPhase, target=target, starts_on=dt.date(2011, 1, 1), ends_on=dt.date(2011, 6, 30))
        frozen = {"text": "lang " * 8_000, "value": 0.1}  # longer than a spreadsheet's cell
        self.store(StatusReport, programme=self.programme, status="sent", frozen=frozen, **period)
        self.store(StatusReport, programme=self.programme, status="draft", frozen=None, sent_at=None, **period)


def empty_tables(branch: Branch | None = None) -> None:
    """Delete all rows but users, or only the people, cases and settings of one branch."""
    if branch is None:
        for model in (
            AccessRecord,
            Membership,
            NumberSeries,
            BranchTransfer,
            Draft,
            *(t.model for t in reversed(branch_tables())),
        ):
            model._base_manager.all()._raw_delete(using=connection.alias)
        return
    Match.objects.filter(programme__branch=branch).delete()
    Event.objects.filter(programme__branch=branch).delete()
    for model in (VolunteerGroup, StatusReport, Enrolment):
        model.objects.filter(programme__branch=branch).delete()
    Attendance.objects.filter(person__home_branch=branch).delete()
    PersonMerge.objects.filter(branch=branch).delete()
    Person.objects.filter(home_branch=branch).delete()
    Programme.objects.filter(branch=branch).delete()
    for model in (Organisation, SavedMapping, KnownWord):
        model.objects.filter(branch=branch).delete()
