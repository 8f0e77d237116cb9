"""What reporting adds to the pages of lower apps."""

from accounts.models import User
from accounts.roles import Verb
from common.hooks import Panel
from programmes.models import Programme
from programmes.panels import PROGRAMME_PANELS
from reporting.models import Target


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
