"""What reporting adds to lower apps: the card of targets, words of histories, sentences of the access log."""

from django.utils.translation import gettext_lazy as _

from accounts.log_words import LISTS, LOG_SENTENCES, LoggedList, LogSentence, choice_words, day_words, list_words
from accounts.models import User
from accounts.roles import Verb
from common.history import ACT_NOTES, ACT_WORDS, FIGURE_SOURCES, RECORD_WORDS, RecordWords
from common.hooks import Panel
from people.enums import Gender
from programmes.models import Programme
from programmes.panels import PROGRAMME_PANELS
from reporting.exports import REPORTS, TARGETS
from reporting.indicators import indicator_choices
from reporting.models import Target, TargetPhase
from reporting.moved_figures import correction_notes, moved_figures
from reporting.views.targets import WHOLE, target_url

PERIOD = {"start": day_words, "end": day_words}


def filter_words(filters: dict[str, str]) -> str:
    """Return what a target is narrowed to: the labels of genders, which are the only filter."""
    return list_words(map(choice_words(Gender), filters.values()))


PROGRAMME = {"indsats": (_("Programme"), str)}

FIGURE_SOURCES.add(moved_figures)
ACT_NOTES.add(correction_notes)
RECORD_WORDS.add_all(
    {
        Target: RecordWords(
            names=("label", "period_start", "period_end"),
            words={"indicator": choice_words(indicator_choices()), "filters": filter_words},
            url=target_url,
        ),
        TargetPhase: RecordWords(names=("starts_on", "ends_on")),
    }
)
ACT_WORDS.add_all(
    {
        "load_programme": _("Programme loaded from a file"),
        "save_target": _("Target changed"),
        "remove_target": _("Target removed"),
        "create_report": _("Report created"),
        "save_sections": _("Report written"),
        "send_report": _("Report sent"),
        "begin_new_version": _("New version of the report"),
        "discard_report": _("Draft deleted"),
    }
)
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
