"""The promises on a programme's page."""

from accounts.models import User
from accounts.roles import Verb
from programmes.models import Programme
from programmes.panels import Panel, register
from reporting.models import Target


@register
def targets_panel(programme: Programme, user: User) -> Panel | None:
    """What was promised, by period, in the agreement's words; for those who see figures."""
    if not user.may(Verb.SEE_FIGURES, programme.branch_id):
        return None
    targets = sorted(programme.targets.prefetch_related("phases"), key=years_first)
    return Panel(
        template="reporting/_programme_targets.html",
        context={
            "programme": programme,
            "targets": targets,
            "may_manage": user.may(Verb.MANAGE_RULES, programme.branch_id),
        },
    )


def years_first(target: Target) -> tuple:
    """Year by year, then what was promised for longer; within a period in the agreement's order."""
    is_longer = target.period_start.year != target.period_end.year
    return is_longer, target.period_start, target.period_end, target.order, target.pk
