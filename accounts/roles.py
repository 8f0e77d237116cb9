"""The table of roles and verbs. What is not in it is denied."""

from enum import StrEnum

from accounts.enums import Role


class Verb(StrEnum):
    """Something that a role may do in a branch."""

    READ_CASES = "read_cases"  # people, matches, follow-ups, with names
    WORK_CASES = "work_cases"  # register and change them
    HAND_OVER = "hand_over"  # the matches of any coordinator; without it one's own, and those without an active one
    READ_EVENTS = "read_events"
    WORK_EVENTS = "work_events"
    EXPORT_LISTS = "export_lists"
    SEE_PROGRAMMES = "see_programmes"
    SEE_FIGURES = "see_figures"  # targets and their evidence, by case number
    WRITE_REPORTS = "write_reports"
    IMPORT = "import"
    MANAGE_RULES = "manage_rules"  # programmes, rules, targets
    MANAGE_USERS = "manage_users"
    READ_LOG = "read_log"
    MANAGE_TASKS = "manage_tasks"  # the background tasks of the branch
    EXPORT_BRANCH = "export_branch"  # the branch file


_COORDINATOR = frozenset(
    {
        Verb.READ_CASES,
        Verb.WORK_CASES,
        Verb.READ_EVENTS,
        Verb.WORK_EVENTS,
        Verb.EXPORT_LISTS,
        Verb.SEE_PROGRAMMES,
        Verb.SEE_FIGURES,
    }
)

VERBS_OF_ROLE: dict[str, frozenset[Verb]] = {
    Role.COORDINATOR: _COORDINATOR,
    Role.ADMINISTRATOR: _COORDINATOR
    | {Verb.WRITE_REPORTS, Verb.IMPORT, Verb.MANAGE_RULES, Verb.MANAGE_USERS, Verb.READ_LOG, Verb.EXPORT_BRANCH}
    | {Verb.MANAGE_TASKS, Verb.HAND_OVER},
    Role.MANAGER: frozenset({Verb.SEE_PROGRAMMES, Verb.SEE_FIGURES, Verb.WRITE_REPORTS}),
}


def roles_that_may(verb: str) -> list[str]:
    """Return the roles that may do a verb."""
    return [role for role, verbs in VERBS_OF_ROLE.items() if verb in verbs]


def role_may(role: str, verb: str) -> bool:
    """Return whether a role may do a verb; False for an unknown role or verb."""
    return verb in VERBS_OF_ROLE.get(role, frozenset())
