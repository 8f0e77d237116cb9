"""Who may open which address. Written by hand; tests/test_access.py requests every address and compares."""

import dataclasses

from accounts.roles import Verb

PUBLIC = "public"  # signed in or not
SIGNED_IN = "signed in"  # any user, also without a branch
SUPPORT = "support"  # Django's admin: staff only


@dataclasses.dataclass(frozen=True)
class Rule:
    """The verb for an address, the row or fixed value of each argument, and the query that the address needs."""

    verb: str
    rows: dict[str, object] = dataclasses.field(default_factory=dict)
    query: str = ""


class Fixed(str):
    """An argument that is no row, such as a step, a file format or a side."""

    __slots__ = ()


NO_DRAFT = "5f0c2f0e-7d5c-4c43-9a57-2f3f4d1f0a01"  # only its own user sees a draft: tests/people/test_views_drafts.py


def _pages(namespace: str, verb: str, *names: str, **rows: object) -> dict[str, Rule]:
    return {f"{namespace}:{name}": Rule(verb, rows) for name in names}


def _account(verb: str, *names: str) -> dict[str, Rule]:
    return {name: Rule(verb) for name in names}


ACCESS: dict[str, Rule] = {
    "set_language": Rule(PUBLIC),
    "admin:index": Rule(SUPPORT),
    **_pages("common", PUBLIC, "components"),
    # Konto: pages of allauth
    **_account(
        PUBLIC,
        *("account_login", "account_logout", "account_reset_password", "account_reset_password_done"),
        *("account_reset_password_from_key_done", "mfa_authenticate", "privacy", "session"),
    ),
    "account_reset_password_from_key": Rule(PUBLIC, {"uidb36": Fixed("1"), "key": Fixed("made-up")}),
    **_account(
        SIGNED_IN,
        *("account_change_password", "account_reauthenticate", "kept_posts"),
        *("mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"),
        *("mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_generate_recovery_codes"),
    ),
    # I dag
    **_pages("desk", Verb.SEE_PROGRAMMES, "today"),
    **_pages("desk", Verb.READ_CASES, "task-counts", "search"),
    # Personer
    **_pages("people", Verb.READ_CASES, "person-list", "organisation-list", "group-list"),
    **_pages("people", Verb.EXPORT_LISTS, "person-export", "organisation-export", "group-export"),
    **_pages("people", Verb.SEE_FIGURES, "case-number-search", "case-number-export"),
    **_pages("people", Verb.WORK_CASES, "person-create", "organisation-create", "group-create"),
    **_pages("people", Verb.WORK_CASES, "person-create-step", key=Fixed(NO_DRAFT), step=Fixed("hvem")),
    **_pages("people", Verb.WORK_CASES, "person-create-draft", "person-create-discard", key=Fixed(NO_DRAFT)),
    **_pages("people", Verb.READ_CASES, "person-detail", pk="person"),
    **_pages("people", Verb.WORK_CASES, "person-edit", "person-remove", "consent-edit", "person-contact", pk="person"),
    **_pages(
        "people",
        Verb.WORK_CASES,
        "wishes-edit",
        "application-correct",
        "enrolment-pause",
        "enrolment-end",
        "enrolment-reopen",
        pk="enrolment",
    ),
    **_pages("people", Verb.WORK_CASES, "person-state", pk="person"),
    **_pages("people", Verb.READ_CASES, "person-state-detail", pk="state"),
    **_pages("people", Verb.WORK_CASES, "person-state-lift", pk="state"),
    **_pages("people", Verb.WORK_CASES, "consent-correct", pk="consent"),
    **_pages("people", Verb.WORK_CASES, "period-correct", pk="period"),
    **_pages("people", Verb.WORK_CASES, "merge-choose", pk="person"),
    **_pages("people", Verb.WORK_CASES, "merge", "mark-distinct", pk="person", other="double"),
    **_pages("people", Verb.WORK_CASES, "duplicate-list", "duplicate-count"),
    **_pages("people", Verb.WORK_CASES, "merge-undo", pk="merge"),
    **_pages("people", Verb.WORK_CASES, "unmark-distinct", pk="apart"),
    **_pages("people", Verb.READ_CASES, "question-list"),
    **_pages("people", Verb.WORK_CASES, "question-answer", pk="question"),
    **_pages("people", Verb.IMPORT, "question-withdraw", pk="own_question"),
    **_pages("people", Verb.READ_CASES, "transfer-list"),
    **_pages("people", Verb.WORK_CASES, "transfer-ask", pk="person"),
    **_pages("people", Verb.WORK_CASES, "transfer-answer", pk="transfer"),
    **_pages("people", Verb.WORK_CASES, "transfer-withdraw", pk="own_transfer"),
    **_pages("people", Verb.READ_CASES, "organisation-detail", pk="organisation"),
    **_pages("people", Verb.WORK_CASES, "organisation-edit", pk="organisation"),
    **_pages("people", Verb.READ_CASES, "group-detail", pk="group"),
    **_pages("people", Verb.WORK_CASES, "group-edit", pk="group"),
    **_pages("imports", Verb.IMPORT, "import-list", "import-create", "import-export"),
    **_pages("imports", Verb.IMPORT, "import-template", kind=Fixed("mentorer")),
    **_pages("imports", Verb.IMPORT, "import-reading", once=Fixed("6ec1f1c5-45a2-4d36-bb2e-4ba2ef2b6ce8")),
    **_pages(
        "imports",
        Verb.IMPORT,
        "import-review",
        "import-columns",
        "import-error-list",
        "import-apply",
        "import-discard",
        "import-progress",
        "import-undo",
        pk="batch",
    ),
    **_pages("imports", Verb.IMPORT, "import-row", "import-decide", "import-ask", pk="batch", number=2),
    **_pages("imports", Verb.IMPORT, "import-run", pk="batch", first=2, last=3),
    # Match
    **_pages("matching", Verb.READ_CASES, "match-list", "interview-list", "follow-up-list", "attention-list"),
    **_pages("matching", Verb.READ_CASES, "desk", "desk-factors"),
    **_pages("matching", Verb.EXPORT_LISTS, "match-list-export", "interview-export", "follow-up-export"),
    **_pages("matching", Verb.EXPORT_LISTS, "attention-export"),
    **_pages("matching", Verb.EXPORT_LISTS, "meeting-export", pk="match"),
    **_pages("matching", Verb.EXPORT_LISTS, "match-export", kind=Fixed("xlsx")),
    **_pages("matching", Verb.READ_CASES, "match-detail", "meeting-list", pk="match"),
    **_pages(
        "matching",
        Verb.WORK_CASES,
        "match-start",
        "meeting-plan",
        "match-sign",
        "match-pause",
        "match-resume",
        "match-end",
        "match-reopen",
        "match-withdraw",
        "match-days",
        "meeting-create",
        "goal-create",
        "outcome-create",
        pk="match",
    ),
    **_pages("matching", Verb.WORK_CASES, "match-answer", "match-decline", pk="match", side=Fixed("mentor")),
    **_pages("matching", Verb.WORK_CASES, "meeting-remove", "meeting-correct", pk="meeting"),
    **_pages("matching", Verb.WORK_CASES, "meeting-cancel", pk="planned_meeting"),
    **_pages("matching", Verb.WORK_CASES, "pause-correct", pk="pause"),
    **_pages("matching", Verb.WORK_CASES, "ending-correct", pk="ending"),
    **_pages("matching", Verb.WORK_CASES, "hand-over", "hand-over-undo"),
    **_pages("matching", Verb.WORK_CASES, "deputy-end", pk="handover"),
    **_pages("matching", Verb.HAND_OVER, "written-names"),
    **_pages("matching", Verb.WORK_CASES, "goal-update", pk="goal"),
    **_pages("matching", Verb.WORK_CASES, "outcome-remove", "outcome-correct", pk="outcome"),
    **_pages("matching", Verb.WORK_CASES, "interview-plan", "interview-record", "check-create", pk="enrolment"),
    **_pages("matching", Verb.WORK_CASES, "interview-cancel", pk="interview"),
    **_pages("matching", Verb.WORK_CASES, "interview-correct", pk="held_interview"),
    **_pages("matching", Verb.WORK_CASES, "check-correct", pk="check"),
    **_pages("matching", Verb.WORK_CASES, "desk-propose", mentee="enrolment", mentor="mentor"),
    **_pages("matching", Verb.WORK_CASES, "follow-up-row", "follow-up-log", "follow-up-undo", pk="follow_up"),
    **_pages("matching", Verb.WORK_CASES, "follow-up-move", "follow-up-skip", "follow-up-restore", pk="follow_up"),
    **_pages("matching", Verb.WORK_CASES, "contact-create", "contact-about"),
    **_pages("matching", Verb.WORK_CASES, "contact-correct", "contact-remove", pk="contact"),
    **_pages("matching", Verb.WORK_CASES, "follow-up-correct", pk="done_follow_up"),
    # Arrangementer
    **_pages("events", Verb.READ_EVENTS, "event-list", "calendar", "calendar-file"),
    **_pages("events", Verb.WORK_EVENTS, "event-create"),
    **_pages("events", Verb.READ_EVENTS, "event-detail", "event-file", pk="event"),
    **_pages(
        "events",
        Verb.WORK_EVENTS,
        "event-edit",
        "event-cancel",
        "event-reinstate",
        "event-confirm",
        "undo-confirmation",
        "invite",
        "invite-programmes",
        "sign-up",
        "check-in",
        "guest-count",
        "add-participant",
        "mark-absent",
        "undo-absent",
        pk="event",
    ),
    **_pages(
        "events",
        Verb.WORK_EVENTS,
        "sign-up-row",
        "cancel-sign-up",
        "remove-invitation",
        "check-in-tick",
        "check-in-undo",
        pk="event",
        attendance="attendance",
    ),
    **_pages(
        "events", Verb.WORK_EVENTS, "withdraw-programme-invitation", pk="event", invitation="programme_invitation"
    ),
    **_pages("events", Verb.WORK_EVENTS, "withdraw-invitations", pk="event", first="attendance", last="attendance"),
    **_pages("events", Verb.EXPORT_LISTS, "event-export"),
    **_pages("events", Verb.EXPORT_LISTS, "addresses", "participant-export", "participant-sheet", pk="event"),
    **_pages("events", Verb.EXPORT_LISTS, "export-list", pk="event", kind=Fixed("xlsx")),
    # Indsatser
    **_pages("programmes", Verb.SEE_PROGRAMMES, "programme-list", "programme-export"),
    **_pages("programmes", Verb.MANAGE_RULES, "programme-create"),
    **_pages("programmes", Verb.SEE_PROGRAMMES, "programme-detail", slug="programme"),
    **_pages("programmes", Verb.MANAGE_RULES, "programme-edit", "step-create", "requirement-create", slug="programme"),
    **_pages("programmes", Verb.MANAGE_RULES, "step-edit", "step-remove", pk="step"),
    **_pages("programmes", Verb.MANAGE_RULES, "requirement-edit", "requirement-remove", pk="requirement"),
    # Rapporter
    **_pages("reporting", Verb.SEE_FIGURES, "target-list", "targets-export", "report-list"),
    **_pages("reporting", Verb.SEE_FIGURES, "target-list-export", "report-list-export"),
    **_pages("reporting", Verb.SEE_FIGURES, "evidence-export", "evidence-list-export", pk="target"),
    **_pages("reporting", Verb.MANAGE_RULES, "target-create", slug="programme"),
    **_pages("reporting", Verb.MANAGE_RULES, "target-edit", "target-remove", pk="target"),
    **_pages("reporting", Verb.WRITE_REPORTS, "report-create"),
    **_pages("reporting", Verb.SEE_FIGURES, "report-detail", pk="report"),
    "reporting:report-download": Rule(Verb.SEE_FIGURES, {"pk": "report"}, "?format=xlsx"),
    **_pages(
        "reporting",
        Verb.WRITE_REPORTS,
        "report-write",
        "report-send",
        "report-new-version",
        "report-discard",
        pk="report",
    ),
    # Historik of records; tests/accounts/test_views_history.py requests those of all models
    "history": Rule(Verb.READ_CASES, {"app": Fixed("people"), "model": Fixed("person"), "pk": "person"}),
    # Administration
    **_pages("accounts", SIGNED_IN, "profile", "choose_branch", "set_theme"),
    **_pages("accounts", SIGNED_IN, "invitation-answer", pk="membership", act=Fixed("accepter")),
    **_pages("accounts", Verb.MANAGE_USERS, "administration", "user-list", "user-invite", "user-export"),
    **_pages("accounts", Verb.MANAGE_USERS, "user-detail", pk="membership"),
    **_pages("accounts", Verb.MANAGE_USERS, "user-act", pk="membership", act=Fixed("nulstil-kode")),
    **_pages("accounts", Verb.MANAGE_TASKS, "task-list"),
    **_pages("accounts", Verb.MANAGE_TASKS, "task-act", pk="task", act=Fixed("annuller")),
    **_pages("accounts", Verb.READ_LOG, "access-log", "access-log-export"),
    **_pages("transfer", Verb.EXPORT_BRANCH, "branch-file"),
}
