"""Who may open which address. Written by hand; tests/test_access.py compares every address with it."""

import dataclasses

from accounts.roles import Verb

PUBLIC = "public"  # signed in or not
SIGNED_IN = "signed in"  # any user, also without a branch
SUPPORT = "support"  # Django's admin: staff only


@dataclasses.dataclass(frozen=True)
class Rule:
    """The verb that opens an address and the rows its arguments name.

    ``may_name``: the page names records of its own accord (a report's title), so the marker test passes it by.
    """

    verb: str
    rows: dict[str, str] = dataclasses.field(default_factory=dict)
    may_name: bool = False


ACCESS: dict[str, Rule] = {
    "healthz": Rule(PUBLIC),
    "set_language": Rule(PUBLIC),
    "admin:index": Rule(SUPPORT),
    "events:event-list": Rule(Verb.READ_EVENTS),
    "events:calendar": Rule(Verb.READ_EVENTS),
    "events:calendar-file": Rule(Verb.READ_EVENTS),
    "events:event-create": Rule(Verb.WORK_EVENTS),
    "events:event-detail": Rule(Verb.READ_EVENTS, {"pk": "event"}),
    "events:event-edit": Rule(Verb.WORK_EVENTS, {"pk": "event"}),
    "events:event-cancel": Rule(Verb.WORK_EVENTS, {"pk": "event"}),
    "events:event-reinstate": Rule(Verb.WORK_EVENTS, {"pk": "event"}),
    "events:event-file": Rule(Verb.READ_EVENTS, {"pk": "event"}),
    "events:invite": Rule(Verb.WORK_EVENTS, {"pk": "event"}),
    "events:invite-programmes": Rule(Verb.WORK_EVENTS, {"pk": "event"}),
    "events:take-back-programme": Rule(Verb.WORK_EVENTS, {"pk": "event", "invitation": "invitation"}),
    "events:sign-up": Rule(Verb.WORK_EVENTS, {"pk": "event"}),
    "events:sign-up-row": Rule(Verb.WORK_EVENTS, {"pk": "event", "attendance": "attendance"}),
    "events:cancel-sign-up": Rule(Verb.WORK_EVENTS, {"pk": "event", "attendance": "attendance"}),
    "events:remove-invitation": Rule(Verb.WORK_EVENTS, {"pk": "event", "attendance": "attendance"}),
    "events:addresses": Rule(Verb.EXPORT_LISTS, {"pk": "event"}),
    "events:export-list": Rule(Verb.EXPORT_LISTS, {"pk": "event", "kind": "csv"}),
    "events:check-in": Rule(Verb.WORK_EVENTS, {"pk": "event"}),
    "events:check-in-tick": Rule(Verb.WORK_EVENTS, {"pk": "event", "attendance": "attendance"}),
    "events:check-in-undo": Rule(Verb.WORK_EVENTS, {"pk": "event", "attendance": "attendance"}),
    "events:guest-count": Rule(Verb.WORK_EVENTS, {"pk": "event"}),
    "events:add-participant": Rule(Verb.WORK_EVENTS, {"pk": "event"}),
    "events:mark-absent": Rule(Verb.WORK_EVENTS, {"pk": "event"}),
    "events:undo-absent": Rule(Verb.WORK_EVENTS, {"pk": "event"}),
}
