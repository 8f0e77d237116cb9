"""Who may open which address. Written by hand; tests/test_access.py compares every address with it."""

import dataclasses

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
}
