"""Indicators of people recruited: those who applied to take part in a role."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, F
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.templatetags.danish import danish_date
from people.enums import EnrolmentStatus, Gender
from people.models import Enrolment
from programmes.enums import ParticipantRole
from programmes.models import Programme
from reporting.indicators.base import GENDERS, EvidenceRow, Filters, Indicator, NearMiss, period_words


@dataclass(frozen=True)
class Recruited(Indicator):
    """Accepted people in a role on the day of their application, each once."""

    role: str = ParticipantRole.MENTEE

    date_field = "applied_on"
    is_of_cases = True

    def __post_init__(self):
        columns = (gettext_lazy("Case"), gettext_lazy("Status"), gettext_lazy("Recruited"))
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "allowed_filters", {"gender": GENDERS})

    def evidence(
        self, programme: Programme, start: dt.date, end: dt.date, filters: Filters
    ) -> models.QuerySet[Enrolment]:
        rows = self._of_gender(programme, filters).exclude(status=EnrolmentStatus.DECLINED)
        return rows.filter(applied_on__gte=start, applied_on__lte=end)

    def _of_gender(self, programme: Programme, filters: Filters) -> models.QuerySet[Enrolment]:
        rows = Enrolment.objects.filter(programme=programme, role=self.role)
        gender = self.clean_filters(filters).get("gender")
        return rows.filter(person__gender=gender) if gender else rows

    def for_rows(self, records: models.QuerySet) -> models.QuerySet:
        return records.select_related("person").order_by(F("applied_on").desc(nulls_last=True), "-pk")

    def row(self, record: Enrolment) -> EvidenceRow:
        return EvidenceRow(
            pk=record.pk,
            number=record.person.case_number,
            on=record.applied_on,
            other=record.get_status_display(),
            url=("people:person-detail", record.person_id),
        )

    def rule(self, start: dt.date, end: dt.date, filters: Filters) -> str:
        period = {"period": period_words(start, end), "role": self.unit(1)}
        sentences = {
            Gender.MAN: _("Counts: men who applied as %(role)s %(period)s."),
            Gender.WOMAN: _("Counts: women who applied as %(role)s %(period)s."),
            Gender.OTHER: _("Counts: people of gender »other« who applied as %(role)s %(period)s."),
        }
        plain = _("Counts: people who applied as %(role)s %(period)s.")
        once = _("Each person counts once, unless they were not accepted.")
        sentence = sentences.get(self.clean_filters(filters).get("gender"), plain)
        return f"{sentence % period} {once}"

    def not_counted(
        self, programme: Programme, start: dt.date, end: dt.date, filters: Filters, on: dt.date | None = None
    ) -> list[NearMiss]:
        rows, last = self._of_gender(programme, filters), min(end, on or end)
        accepted = rows.exclude(status=EnrolmentStatus.DECLINED)
        found = [
            *self.misses(
                _("not accepted into the programme"),
                rows.filter(status=EnrolmentStatus.DECLINED, applied_on__gte=start, applied_on__lte=end),
            ),
            *self.misses(_("the day of the application is not known"), accepted.filter(applied_on__isnull=True)),
            *self._gender_unknown(programme, start, last, filters),
        ]
        if last < end:
            late = accepted.filter(applied_on__gt=last, applied_on__lte=end)
            found += self.misses(_("the application is later than %(day)s") % {"day": danish_date(last)}, late)
        return found + self._other_years(accepted.exclude(applied_on__gte=start, applied_on__lte=end))

    def _gender_unknown(self, programme: Programme, start: dt.date, last: dt.date, filters: Filters) -> list[NearMiss]:
        if not filters.get("gender"):
            return []
        everyone = self.evidence(programme, start, last, {})
        return self.misses(_("the gender is not known"), everyone.filter(person__gender=Gender.UNKNOWN))

    def _other_years(self, rows: models.QuerySet[Enrolment]) -> list[NearMiss]:
        by_year = rows.filter(applied_on__isnull=False).order_by().annotate(year=ExtractYear("applied_on"))
        years = Counter(dict(by_year.values_list("year").annotate(Count("pk"))))
        return [
            NearMiss(_("recruited in %(year)s") % {"year": year}, count, unit=self.unit(count))
            for year, count in sorted(years.items())
        ]
