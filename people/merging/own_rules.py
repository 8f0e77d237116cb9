"""How roles, languages and what was said of two people's sameness follow a merge. Registered when the app is ready."""

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.templatetags.danish import danish_date
from people.enums import EnrolmentStatus, LanguageLevel
from people.merging.rules import Values, fill_blanks
from people.models import DistinctPeople, Enrolment, LanguageSkill

# The further one has come, the later it stands. What is open wins over what has ended.
STATUS_ORDER = [
    EnrolmentStatus.DECLINED,
    EnrolmentStatus.ENDED,
    EnrolmentStatus.APPLIED,
    EnrolmentStatus.PAUSED,
    EnrolmentStatus.WAITING,
    EnrolmentStatus.MATCHED,
]
LEVEL_ORDER = [LanguageLevel.UNKNOWN, LanguageLevel.SOME, LanguageLevel.GOOD, LanguageLevel.NATIVE]
CLOSED = [EnrolmentStatus.DECLINED, EnrolmentStatus.ENDED]
WITH_STATUS = {
    "ended_on": CLOSED,
    "ended_reason": CLOSED,
    "paused_on": [EnrolmentStatus.PAUSED],
    "paused_reason": [EnrolmentStatus.PAUSED],
}
TOGETHER = (("preferred_gender", "gender_is_required"), ("min_age", "max_age"))
# Who and where; days of which the earliest stands; and what is joined.
NOT_SAID = {
    "id", "person_id", "programme_id", "import_row_id", "created_by_id", "status", "gender_is_required", "wish",
    "applied_on", "waiting_since",
}  # fmt: skip


def fold_enrolments(row: Enrolment, twin: Enrolment, remarks: list[str]) -> Values:
    """The same role in the same programme: the earliest days, the further status, what one lacks from the other.

    What cannot stand beside it becomes a line in the notes.
    """
    values = fill_blanks(row, twin, remarks)
    for name in ("applied_on", "waiting_since"):
        days = [day for day in (getattr(row, name), getattr(twin, name)) if day]
        values |= {name: min(days)} if days else {}
    ahead = max(row, twin, key=lambda enrolment: STATUS_ORDER.index(enrolment.status))
    values["status"] = ahead.status
    for name, statuses in WITH_STATUS.items():
        values[name] = getattr(ahead, name) or (values.get(name, getattr(row, name)))
        if ahead.status not in statuses:
            values[name] = None if name.endswith("_on") else ""
    for names in TOGETHER:
        source = row if any(getattr(row, name) not in (None, "", False) for name in names) else twin
        values |= {name: getattr(source, name) for name in names}
    if twin.wish and twin.wish not in row.wish:
        values["wish"] = "\n".join(text for text in (row.wish, twin.wish) if text)
    after = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} | values
    remarks.extend(_lost_of(row, after) + _lost_of(twin, after))
    return values


def _lost_of(enrolment: Enrolment, after: Values) -> list[str]:
    """`Mentor i Mentornetværket · Heard of us through: Oplæg` for each value that the folded role no longer holds."""
    role = _("%(role)s in %(programme)s") % {
        "role": enrolment.get_role_display(),
        "programme": enrolment.programme.name,
    }
    return [
        f"{role} · {capfirst(field.verbose_name)}: {_said(enrolment, field)}"
        for field in enrolment._meta.concrete_fields
        if field.editable and field.attname not in NOT_SAID and _is_lost(enrolment, field.attname, after)
    ]


def _is_lost(enrolment: Enrolment, name: str, after: Values) -> bool:
    old = getattr(enrolment, name)
    return old not in (None, "") and after[name] != old


def _said(row: models.Model, field: models.Field) -> str:
    value = getattr(row, field.attname)
    if isinstance(field, models.DateField):
        return danish_date(value)
    return str(getattr(row, f"get_{field.name}_display")() if field.choices else value)


def fold_languages(row: LanguageSkill, twin: LanguageSkill, remarks: list[str]) -> Values:
    level = max(row.level, twin.level, key=LEVEL_ORDER.index)
    notes = [note for note in dict.fromkeys((row.note, twin.note)) if note]
    note = ", ".join(notes)
    if len(note) > LanguageSkill._meta.get_field("note").max_length:
        remarks.append(f"{twin.language}: {twin.note}")
        note = row.note
    return {"level": level, "note": note}


def move_distinct(row: DistinctPeople, changes: Values) -> Values | None:
    """The two stand in the order of their ids; the pair that is merged now was not two after all."""
    ids = {"first_id": row.first_id, "second_id": row.second_id} | changes
    if ids["first_id"] == ids["second_id"]:
        return None
    first, second = sorted(ids.values())
    return {"first_id": first, "second_id": second}
