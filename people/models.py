"""Intake: people, what they are in which programme, what they offer and seek, and where they came from."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from common.cpr import refuse_cpr
from common.folding import fold
from common.scoping import ScopedModel
from people.enums import (
    ConsentKind,
    EnrolmentStatus,
    Gender,
    ImportStatus,
    LanguageLevel,
    OrganisationKind,
    RowState,
    TermKind,
)
from people.querysets import EnrolmentQuerySet, PersonQuerySet
from programmes.enums import ParticipantRole
from programmes.models import Programme


class ImportBatch(ScopedModel):
    """One spreadsheet, read and checked, waiting for a decision or imported.

    Keeps no original file: `content` holds what was read, CPR numbers taken out, and is emptied with the decision.
    """

    branch_paths = ("programme__branch",)
    read_verb = "import"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="import_batches", verbose_name=_("programme"))
    kind = models.CharField(_("kind"), max_length=20, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=ImportStatus, default=ImportStatus.READ)
    file_name = models.CharField(_("file"), max_length=255)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    header_row = models.PositiveIntegerField(_("header row"), default=1)
    headers = models.JSONField(_("headers"), default=list, blank=True)
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    counts = models.JSONField(_("figures"), default=dict, blank=True)
    content = models.BinaryField(_("what was read"), null=True, blank=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("read by")
    )
    created_at = models.DateTimeField(_("read at"), auto_now_add=True)
    applied_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("imported by")
    )
    applied_at = models.DateTimeField(_("imported at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ImportStatus.values), name="importbatch_status_valid"),
            models.CheckConstraint(
                condition=Q(status=ImportStatus.APPLIED, applied_at__isnull=False)
                | (~Q(status=ImportStatus.APPLIED) & Q(applied_at__isnull=True)),
                name="importbatch_applied_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} · {self.created_at:%Y-%m-%d}"


class ImportRow(ScopedModel):
    """One row of an import: what stood in it and what was found. Of somebody who said no, only that they did."""

    branch_paths = ("batch__programme__branch",)
    read_verb = "import"

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(_("cells"), default=list, blank=True)
    label = models.CharField(_("name"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=RowState)
    findings = models.JSONField(_("remarks"), default=list, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RowState.values), name="importrow_state_valid"),
            models.UniqueConstraint(fields=["batch", "number"], name="importrow_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch} · {self.number}"


class Term(models.Model):
    """A word of the vocabulary that offers and wishes share. Names are Danish, as people say them."""

    kind = models.CharField(_("kind"), max_length=10, choices=TermKind)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    aliases = models.JSONField(_("also written as"), default=list, blank=True)

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("vocabulary")
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TermKind.values), name="term_kind_valid"),
            models.UniqueConstraint(
                fields=["kind", "name"], name="term_once", violation_error_message=_("This word is in the list.")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(ScopedModel):
    """A partner, company, authority or association that the branch works with."""

    branch_paths = ("branch",)

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="organisations", verbose_name=_("branch"))
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind, default=OrganisationKind.PARTNER)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    agreed_on = models.DateField(_("agreement made on"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True, validators=[refuse_cpr])

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_valid"),
            models.UniqueConstraint(
                fields=["branch", "name"],
                name="organisation_name_once",
                violation_error_message=_("An organisation of this name exists already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Person(ScopedModel):
    """One human, one row, in whatever roles. CPR numbers are never stored.

    Visible to its home branch and to every branch in whose programme it is enrolled.
    """

    branch_paths = ("home_branch", "enrolments__programme__branch")
    to_many_branch_paths = ("enrolments__programme__branch",)

    home_branch = models.ForeignKey(Branch, models.PROTECT, related_name="people", verbose_name=_("home branch"))
    case_number = models.CharField(_("case number"), max_length=20, unique=True)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, default=Gender.UNKNOWN)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(
        _("birth year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
        help_text=_("When the day is not known."),
    )
    emails = models.JSONField(_("e-mail addresses"), default=list, blank=True, help_text=_("The main one first."))
    phones = models.JSONField(_("phone numbers"), default=list, blank=True, help_text=_("The main one first."))
    office_phone = models.CharField(_("office phone"), max_length=60, blank=True)
    best_reached = models.CharField(
        _("best reached"), max_length=120, blank=True, validators=[refuse_cpr], help_text=_("Such as: after 4 p.m.")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    origin = models.CharField(_("country of origin"), max_length=80, blank=True)
    arrival_year = models.PositiveSmallIntegerField(
        _("in Denmark since"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    livelihood = models.CharField(_("livelihood"), max_length=100, blank=True)
    education = models.CharField(_("education"), max_length=200, blank=True)
    occupation = models.CharField(_("occupation"), max_length=150, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("organisation")
    )
    last_contacted_on = models.DateField(
        _("last contact"), null=True, blank=True, help_text=_("With contact persons; matches have their follow-ups.")
    )
    notes = models.TextField(_("notes"), blank=True, validators=[refuse_cpr])
    search_text = models.TextField(_("search text"), blank=True, editable=False)
    import_row = models.ForeignKey(
        ImportRow, models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("came from")
    )
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["first_name", "last_name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(gender__in=Gender.values), name="person_gender_valid"),
            models.CheckConstraint(
                condition=~Q(first_name="") | ~Q(last_name=""),
                name="person_has_a_name",
                violation_error_message=_("Write a first name or a last name."),
            ),
            models.CheckConstraint(
                condition=Q(birth_date__isnull=True) | Q(birth_date__gte=dt.date(1900, 1, 1)),
                name="person_birth_after_1900",
                violation_error_message=_("The birth date lies before 1900."),
            ),
        ]
        indexes = [models.Index(fields=["home_branch", "first_name", "last_name"], name="person_branch_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def email(self) -> str:
        """The main e-mail address, or an empty text."""
        return self.emails[0] if self.emails else ""

    @property
    def phone(self) -> str:
        """The main phone number (+45…), or an empty text."""
        return self.phones[0] if self.phones else ""

    @cached_property
    def spoken(self) -> list["LanguageSkill"]:
        """The languages with their levels. A list of people fills this in for all its rows at once."""
        return list(self.languages.all())

    def age_on(self, day: dt.date) -> int | None:
        """Age in whole years on a day; from the birth year alone when the date is not known."""
        if self.birth_date:
            had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
            return day.year - self.birth_date.year - (not had_birthday)
        return day.year - self.birth_year if self.birth_year else None

    def build_search_text(self) -> str:
        """What a search looks through: folded names, case number, e-mails, digits of phones."""
        digits = ["".join(c for c in phone if c.isdigit()) for phone in [*self.phones, self.office_phone]]
        return fold(" ".join([self.name, self.case_number, *self.emails, *digits]))


class LanguageSkill(models.Model):
    """A language that a person speaks, and how well."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="languages", verbose_name=_("person"))
    language = models.ForeignKey(
        Term, models.PROTECT, limit_choices_to={"kind": TermKind.LANGUAGE}, related_name="+", verbose_name=_("language")
    )
    level = models.CharField(_("level"), max_length=10, choices=LanguageLevel, default=LanguageLevel.UNKNOWN)
    note = models.CharField(_("note"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=LanguageLevel.values), name="languageskill_level_valid"),
            models.UniqueConstraint(
                fields=["person", "language"],
                name="languageskill_once",
                violation_error_message=_("The language is there already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.language)


class Enrolment(ScopedModel):
    """A person in a programme, in one role, with what they offer or seek on the shared vocabulary."""

    branch_paths = ("programme__branch",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="enrolments", verbose_name=_("person"))
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="enrolments", verbose_name=_("programme"))
    role = models.CharField(_("role"), max_length=20, choices=ParticipantRole)
    status = models.CharField(_("status"), max_length=20, choices=EnrolmentStatus, default=EnrolmentStatus.APPLIED)
    applied_on = models.DateField(
        _("recruited on"), null=True, blank=True, help_text=_("The day of the application; counts in the targets.")
    )
    waiting_since = models.DateField(_("waiting since"), null=True, blank=True)
    paused_on = models.DateField(_("on pause since"), null=True, blank=True)
    paused_reason = models.CharField(_("why the pause"), max_length=200, blank=True, validators=[refuse_cpr])
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=200, blank=True, validators=[refuse_cpr])
    recruited_via = models.CharField(_("heard of us through"), max_length=150, blank=True)
    terms = models.ManyToManyField(Term, blank=True, related_name="+", verbose_name=_("offers or seeks"))
    wish = models.TextField(_("in their own words"), blank=True, validators=[refuse_cpr])
    preferred_gender = models.CharField(_("prefers"), max_length=10, choices=Gender, blank=True)
    gender_is_required = models.BooleanField(_("the wish about gender is a condition"), default=False)
    min_age = models.PositiveSmallIntegerField(_("wishes the other at least … years"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("wishes the other at most … years"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("room for … mentees"), null=True, blank=True, help_text=_("Mentors; blank: as the programme says.")
    )
    available_from = models.DateField(_("available from"), null=True, blank=True)
    availability_note = models.CharField(_("about the times"), max_length=200, blank=True, validators=[refuse_cpr])
    import_row = models.ForeignKey(
        ImportRow, models.SET_NULL, null=True, blank=True, related_name="enrolments", verbose_name=_("came from")
    )
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=ParticipantRole.values), name="enrolment_role_valid"),
            models.CheckConstraint(condition=Q(status__in=EnrolmentStatus.values), name="enrolment_status_valid"),
            models.CheckConstraint(
                condition=Q(preferred_gender="") | Q(preferred_gender__in=Gender.values),
                name="enrolment_preferred_gender_valid",
            ),
            models.UniqueConstraint(
                fields=["person", "programme", "role"],
                name="enrolment_once",
                violation_error_message=_("The person already has this role in the programme."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(status__in=[EnrolmentStatus.ENDED, EnrolmentStatus.DECLINED]),
                name="enrolment_end_date_only_when_ended",
                violation_error_message=_("Only somebody who has ended has an end date."),
            ),
            models.CheckConstraint(
                condition=Q(min_age__isnull=True) | Q(max_age__isnull=True) | Q(max_age__gte=F("min_age")),
                name="enrolment_ages_in_order",
                violation_error_message=_("The highest age is lower than the lowest."),
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "role", "status"], name="enrolment_programme_role"),
            models.Index(fields=["programme", "role", "applied_on"], name="enrolment_recruited"),
            models.Index(fields=["programme", "role", "person"], name="enrolment_people"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.programme}"

    @property
    def room(self) -> int:
        """How many mentees the mentor has agreed to, or what the programme says."""
        return self.capacity if self.capacity is not None else self.programme.default_capacity

    @cached_property
    def words(self) -> list[Term]:
        """The words of the vocabulary. A list of people fills this in for all its rows at once."""
        return list(self.terms.all())

    @cached_property
    def terms_by_kind(self) -> dict[str, list[Term]]:
        """The words of the vocabulary by kind; reads the prefetched ``terms``."""
        found: dict[str, list[Term]] = {kind: [] for kind in TermKind.values}
        for term in self.words:
            found[term.kind].append(term)
        return found


class Consent(ScopedModel):
    """What a person said yes or no to, and when. The newest of a kind holds."""

    branch_paths = ("person__home_branch", "person__enrolments__programme__branch")
    to_many_branch_paths = ("person__enrolments__programme__branch",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents", verbose_name=_("person"))
    kind = models.CharField(_("consent to"), max_length=10, choices=ConsentKind)
    is_given = models.BooleanField(_("said yes"))
    on = models.DateField(_("date"))
    source = models.CharField(_("how"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="consent_kind_valid")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.on}"
