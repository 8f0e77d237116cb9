"""What reporting adds to lower apps: the card of targets, sentences of the access log."""

from django.utils.translation import gettext_lazy as _

from accounts.log_words import LISTS, LOG_SENTENCES, LoggedList, LogSentence, choice_words, day_words
from accounts.models import User
from accounts.roles import Verb
from common.hooks import Panel
from programmes.models import Programme
from programmes.panels import PROGRAMME_PANELS
from reporting.exports import REPORTS, TARGETS
from reporting.models import Target
from reporting.views.targets import WHOLE

PERIOD = {"start": day_words, "end": day_words}

PROGRAMME = {"indsats": (_("Programme"), str)}

LISTS.add_all(
    {
        TARGETS.key: LoggedList(
            TARGETS.label, {**PROGRAMME, "aar": (_("Period"), choice_words({WHOLE: _("The whole period")}))}
        ),
        "evidence": LoggedList(_("Evidence"), PROGRAMME, title="%(part)s"),
        REPORTS.key: LoggedList(REPORTS.label),
    }
)
LOG_SENTENCES.add_all(
    {
        "programme_loaded": LogSentence(_("loaded from %(file)s")),
        "target_changed": LogSentence(_("Target %(key)s changed")),
        "target_removed": LogSentence(_("Target %(key)s removed")),
        "evidence_shown": LogSentence("%(programme)s %(key)s"),
        "report_created": LogSentence(_("Report created")),
        "report_written": LogSentence(_("Report written")),
        "report_sent": LogSentence(_("Report sent")),
        "report_version_begun": LogSentence(_("New version of »%(title)s«")),
        "report_discarded": LogSentence(_("Draft deleted")),
        "report_exported": LogSentence("%(file)s"),
        "report_exported_with_annex": LogSentence(_("%(file)s with annex")),
        "report_file_written": LogSentence("%(file)s, %(start)s – %(end)s", **PERIOD),
        "report_file_written_with_annex": LogSentence(_("%(file)s with annex, %(start)s – %(end)s"), **PERIOD),
    }
)


@PROGRAMME_PANELS.add
def targets_panel(programme: Programme, user: User) -> Panel | None:
    """Return the card with the programme's targets; None for users who may not see figures."""
    if not user.may(Verb.SEE_FIGURES, programme.branch_id):
        return None
    return Panel(
        template="reporting/_programme_targets.html",
        context={
            "programme": programme,
            "targets": sorted(programme.targets.prefetch_related("phases"), key=years_first),
            "may_manage": user.may(Verb.MANAGE_RULES, programme.branch_id),
        },
    )


def years_first(target: Target) -> tuple:
    """Sort key: targets of a single year by year, then those of longer periods, each in the agreement's order."""
    is_longer = target.period_start.year != target.period_end.year
    return is_longer, target.period_start, target.period_end, target.order, target.pk
