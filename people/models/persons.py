"""A person and the languages they speak."""

import datetime as dt
from collections.abc import Iterable

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from common.conditions import CheckedModel
from common.cpr import refuse_cpr
from common.danish_order import DANISH
from common.folding import fold, fold_number
from common.models import RecordedTimeField
from common.scoping import ScopedModel
from common.searching import phone_digits
from people.enums import Gender, LanguageLevel, PersonStateKind, TermKind
from people.models.organisations import Organisation
from people.models.vocabulary import Term
from people.querysets import PersonQuerySet


class Person(ScopedModel):
    """A person with a case: mentor, mentee, contact person or volunteer. CPR numbers are never stored.

    Visible to the home branch and to every branch with a programme in which the person is enrolled.
    """

    branch_paths = ("home_branch", "enrolments__programme__branch")
    to_many_branch_paths = ("enrolments__programme__branch",)
    journal_excludes = ("search_text",)  # computed from other fields

    home_branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="people", verbose_name=_("home branch"), db_index=False
    )
    case_number = models.CharField(_("case number"), max_length=20, unique=True)
    first_name = models.CharField(_("first name"), max_length=100, blank=True, db_collation=DANISH)
    last_name = models.CharField(_("last name"), max_length=100, blank=True, db_collation=DANISH)
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
    # A copy of the open ``PersonState``, which lists show with every name.
    state = models.CharField(_("state"), max_length=10, choices=PersonStateKind, blank=True, editable=False)
    state_on = models.DateField(_("state since"), null=True, blank=True, editable=False)
    search_text = models.TextField(_("search text"), blank=True, editable=False)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    created_at = RecordedTimeField(_("created at"), auto_now_add=True)
    updated_at = RecordedTimeField(_("changed at"), auto_now=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["first_name", "last_name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(gender__in=Gender.values), name="person_gender_valid"),
            models.CheckConstraint(
                condition=Q(state="", state_on__isnull=True)
                | Q(state__in=PersonStateKind.values, state_on__isnull=False),
                name="person_state_valid",
            ),
            models.CheckConstraint(
                condition=~Q(first_name="") | ~Q(last_name=""),
                name="person_has_a_name",
                violation_error_message=_("Write a first name or a last name."),
            ),
            models.CheckConstraint(
                condition=Q(birth_date__isnull=True) | Q(birth_date__gte=dt.date(1900, 1, 1)),
                name="person_birth_after_1900",
                violation_error_message=_("The birth date is before 1900."),
            ),
        ]
        indexes = [
            models.Index(fields=["home_branch", "first_name", "last_name"], name="person_branch_name"),
            models.Index(fields=["home_branch", "last_name", "first_name"], name="person_branch_last_name"),
        ]

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

    @property
    def phone_to_call(self) -> str:
        """The main phone number, or an empty text for a person who has died, moved away or wants no contact."""
        return "" if self.state else self.phone

    @cached_property
    def spoken(self) -> list["LanguageSkill"]:
        """The languages as a list. ``PersonQuerySet.for_table`` prefetches it under this name."""
        return list(self.languages.all())

    @property
    def merged_numbers(self) -> list[str]:
        """Case numbers of the people merged into this one. Reads the prefetched ``merges``."""
        merges = self.merges.all() if self.pk else []
        return [merge.merged_case_number for merge in merges if merge.undone_at is None]

    @property
    def former_numbers(self) -> list[str]:
        """Case numbers by which the person is found as well: of earlier home branches, and of merged people.

        Reads the prefetched ``merges`` and ``earlier_numbers``.
        """
        earlier = self.earlier_numbers.all() if self.pk else []
        return [*(row.number for row in earlier), *self.merged_numbers]

    def age_on(self, day: dt.date) -> int | None:
        """Return the age in whole years on a day, from the birth year alone if the date is unknown."""
        if self.birth_date:
            had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
            return day.year - self.birth_date.year - (not had_birthday)
        return day.year - self.birth_year if self.birth_year else None

    def build_search_text(self, former_numbers: Iterable[str] | None = None) -> str:
        """Return the text that searches look in: folded names, case numbers, e-mails and the digits of phones.

        ``former_numbers``: as the property, for a caller who has read those of many people.
        """
        former_numbers = self.former_numbers if former_numbers is None else former_numbers
        digits = [number for phone in [*self.phones, self.office_phone] for number in phone_digits(phone)]
        numbers = [fold_number(number) for number in [self.case_number, *former_numbers]]
        return " ".join(filter(None, [fold(self.name), *numbers, *map(fold, self.emails), *digits]))


class LanguageSkill(CheckedModel):
    """A language that a person speaks, and how well."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="languages", verbose_name=_("person"), db_index=False
    )
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
                violation_error_message=_("The language is listed already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.language)
