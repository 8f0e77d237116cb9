"""The indicator of a target whose short name the code does not know, such as one from a newer version."""

import datetime as dt

from django.utils.translation import gettext as _

from people.models import Enrolment
from reporting.indicators.base import Filters, Indicator, NearMiss


class Unknown(Indicator):
    """Counts nothing, and says so."""

    date_field = "applied_on"

    def __init__(self, slug: str):
        label = _("Unknown indicator »%(slug)s«") % {"slug": slug}
        super().__init__(slug, label, "", "", columns=("", "", ""))

    def evidence(self, programme, start: dt.date, end: dt.date, filters: Filters):
        return Enrolment.objects.none()

    def not_counted(self, programme, start: dt.date, end: dt.date, filters: Filters, on=None) -> list[NearMiss]:
        return []

    def rule(self, start: dt.date, end: dt.date, filters: Filters) -> str:
        return _("Mentornet does not know the indicator »%(slug)s«, so nothing is counted.") % {"slug": self.slug}

    def counted(self, count: int) -> str:
        return str(self.label)
