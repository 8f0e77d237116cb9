"""Columns of the exported list of programmes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from common import clock
from common.exports import Column, ListExport
from programmes.models import Programme


def state_words(programme: Programme) -> str:
    today = clock.today()
    if programme.ends_on < today:
        return pgettext("programme", "Ended")
    return pgettext("programme", "Coming") if programme.starts_on > today else pgettext("programme", "Running")


PROGRAMMES = ListExport(
    "programmes",
    _("Programmes"),
    (
        Column("name", _("Programme")),
        Column("branch", _("Branch"), lambda programme: programme.branch.name),
        Column("starts_on", _("From")),
        Column("ends_on", _("To")),
        Column("kind", _("Kind of mentoring"), lambda programme: programme.get_kind_display()),
        Column("state", _("State"), state_words),
        Column("agreement", _("Agreement")),
        Column("target_group", _("Target group"), is_default=False),
        Column("purpose", _("Purpose"), is_default=False),
    ),
)
