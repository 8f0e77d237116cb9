"""Indicator of matches established: those whose first meeting was held."""

import datetime as dt
from collections import Counter

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.templatetags.danish import danish_date
from matching.enums import MatchStatus, Side
from matching.models import Match
from people.enums import Gender
from programmes.models import Programme
from reporting.indicators.base import GENDERS, EvidenceRow, Filters, Indicator, NearMiss, period_words

# Withdrawn and declined matches never count.
ESTABLISHED = [MatchStatus.ACTIVE, MatchStatus.PAUSED, MatchStatus.ENDED]
NOT_BEGUN = [MatchStatus.PROPOSED, MatchStatus.INTRODUCED]


class MatchesEstablished(Indicator):
    """Matches on the day of their first meeting, each once. The filter ``gender`` is the mentee's."""

    date_field = "started_on"
    is_of_cases = True

    def __init__(self, slug: str, label: str, unit_one: str, unit_many: str):
        columns = (gettext_lazy("Match"), gettext_lazy("Mentee"), gettext_lazy("First meeting"))
        super().__init__(slug, label, unit_one, unit_many, columns, {"gender": GENDERS})

    def evidence(self, programme: Programme, start: dt.date, end: dt.date, filters: Filters) -> models.QuerySet[Match]:
        rows = self._of_gender(programme, filters)
        return rows.filter(status__in=ESTABLISHED, started_on__gte=start, started_on__lte=end)

    def _of_gender(self, programme: Programme, filters: Filters) -> models.QuerySet[Match]:
        rows = Match.objects.filter(programme=programme)
        gender = self.clean_filters(filters).get("gender")
        return rows.filter(mentee__gender=gender) if gender else rows

    def for_rows(self, records: models.QuerySet) -> models.QuerySet:
        newest = [F("started_on").desc(nulls_last=True), F("proposed_on").desc(nulls_last=True), "-pk"]
        return records.select_related("mentee").order_by(*newest)

    def row(self, record: Match) -> EvidenceRow:
        return EvidenceRow(
            pk=record.pk,
            number=record.number,
            on=record.started_on,
            other=record.mentee.case_number,
            url=("matching:match-detail", record.pk),
            other_url=("people:person-detail", record.mentee_id),
        )

    def rule(self, start: dt.date, end: dt.date, filters: Filters) -> str:
        sentences = {
            Gender.MAN: _("Counts: the first meeting was held %(period)s, and the mentee is a man."),
            Gender.WOMAN: _("Counts: the first meeting was held %(period)s, and the mentee is a woman."),
            Gender.OTHER: _("Counts: the first meeting was held %(period)s, and the mentee's gender is »other«."),
        }
        plain, once = _("Counts: the first meeting was held %(period)s."), _("Each match counts once.")
        sentence = sentences.get(self.clean_filters(filters).get("gender"), plain)
        return f"{sentence % {'period': period_words(start, end)}} {once}"

    def not_counted(
        self, programme: Programme, start: dt.date, end: dt.date, filters: Filters, on: dt.date | None = None
    ) -> list[NearMiss]:
        rows, last = self._of_gender(programme, filters), min(end, on or end)
        proposed = Q(proposed_on__gte=start, proposed_on__lte=end)
        found = [
            *self.misses(
                _("proposed, no meeting yet"),
                rows.filter(status__in=NOT_BEGUN).filter(Q(proposed_on__isnull=True) | Q(proposed_on__lte=end)),
            ),
            *self._declined(rows.filter(proposed, status=MatchStatus.DECLINED)),
            *self.misses(
                _("withdrawn, made by mistake"),
                rows.filter(proposed | Q(started_on__gte=start, started_on__lte=end), status=MatchStatus.WITHDRAWN),
            ),
            *self._gender_unknown(programme, start, last, filters),
        ]
        if last < end:
            late = rows.filter(status__in=ESTABLISHED, started_on__gt=last, started_on__lte=end)
            found += self.misses(_("the first meeting is later than %(day)s") % {"day": danish_date(last)}, late)
        return found + self._other_years(rows.filter(status__in=ESTABLISHED), start, end)

    def _declined(self, rows: models.QuerySet[Match]) -> list[NearMiss]:
        return [
            *self.misses(_("the mentor said no"), rows.filter(declined_by=Side.MENTOR)),
            *self.misses(_("the mentee said no"), rows.filter(declined_by=Side.MENTEE)),
            *self.misses(_("the match was declined"), rows.filter(declined_by="")),
        ]

    def _gender_unknown(self, programme: Programme, start: dt.date, last: dt.date, filters: Filters) -> list[NearMiss]:
        """Matches that count towards no gender, as the mentee's is not known."""
        if not filters.get("gender"):
            return []
        everyone = self.evidence(programme, start, last, {})
        return self.misses(_("the mentee's gender is not known"), everyone.filter(mentee__gender=Gender.UNKNOWN))

    def _other_years(self, rows: models.QuerySet[Match], start: dt.date, end: dt.date) -> list[NearMiss]:
        """Matches that ran in the period or were proposed in it, and first met before or after it."""
        ran = rows.filter(started_on__lt=start).filter(Q(ended_on__isnull=True) | Q(ended_on__gte=start))
        proposed = rows.filter(started_on__gt=end, proposed_on__lte=end)
        years: Counter[int] = Counter()
        for found in (ran, proposed):
            by_year = found.order_by().annotate(year=ExtractYear("started_on")).values_list("year")
            years.update(dict(by_year.annotate(Count("pk"))))
        return [
            NearMiss(_("with the first meeting in %(year)s") % {"year": year}, count, unit=self.unit(count))
            for year, count in sorted(years.items())
        ]
