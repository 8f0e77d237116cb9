"""How a merge folds enrolments and languages, and moves decisions that two people are distinct."""

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common import clock
from common.templatetags.danish import danish_date
from people.display import name_with_state
from people.enums import LEFT_STATUSES, OPEN_STATUSES, EnrolmentStatus, LanguageLevel, PersonStateKind
from people.merging.rules import MergeRefused, Values, fill_blanks
from people.models import DistinctPeople, Enrolment, EnrolmentPeriod, LanguageSkill, Person, PersonState

# The furthest status comes last; an open one wins over one that has ended.
STATUS_ORDER = [
    EnrolmentStatus.DECLINED,
    EnrolmentStatus.ENDED,
    EnrolmentStatus.APPLIED,
    EnrolmentStatus.PAUSED,
    EnrolmentStatus.WAITING,
    EnrolmentStatus.MATCHED,
]
# The gravest state comes first.
STATE_ORDER = [PersonStateKind.DIED, PersonStateKind.MOVED, PersonStateKind.NO_CONTACT]
LEVEL_ORDER = [LanguageLevel.UNKNOWN, LanguageLevel.SOME, LanguageLevel.GOOD, LanguageLevel.NATIVE]
# Fields that belong to certain statuses and are cleared in any other.
STATUS_FIELDS = {
    "ended_on": LEFT_STATUSES,
    "ended_reason": LEFT_STATUSES,
    "paused_on": [EnrolmentStatus.PAUSED],
    "paused_until": [EnrolmentStatus.PAUSED],
    "paused_reason": [EnrolmentStatus.PAUSED],
}
TAKEN_TOGETHER = (("preferred_gender", "gender_is_required"), ("min_age", "max_age"))
# Fields that need no remark when their value is lost: references, the earliest of two days, and joined texts.
WITHOUT_REMARK = {
    "id", "person_id", "programme_id", "created_by_id", "status", "gender_is_required", "wish",
    "applied_on", "waiting_since", "wait_counted_from",
}  # fmt: skip


def fold_enrolments(row: Enrolment, twin: Enrolment, remarks: list[str]) -> Values:
    """Fold two enrolments in the same role and programme: the earliest days, the furthest status, blanks filled.

    Values that are lost become lines in the notes.
    """
    values = fill_blanks(row, twin, remarks)
    for name in ("applied_on", "waiting_since"):
        days = [day for day in (getattr(row, name), getattr(twin, name)) if day]
        values |= {name: min(days)} if days else {}
    furthest = max(row, twin, key=lambda enrolment: STATUS_ORDER.index(enrolment.status))
    values["status"] = furthest.status
    for name, statuses in STATUS_FIELDS.items():
        values[name] = getattr(furthest, name) or (values.get(name, getattr(row, name)))
        if furthest.status not in statuses:
            values[name] = "" if name.endswith("_reason") else None
    for names in TAKEN_TOGETHER:
        source = row if any(getattr(row, name) not in (None, "", False) for name in names) else twin
        values |= {name: getattr(source, name) for name in names}
    if twin.wish and twin.wish not in row.wish:
        values["wish"] = "\n".join(text for text in (row.wish, twin.wish) if text)
    after = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} | values
    remarks.extend(_lost_values(row, after) + _lost_values(twin, after))
    return values


def fold_periods(row: EnrolmentPeriod, twin: EnrolmentPeriod, remarks: list[str]) -> Values:
    """Fold the open periods of two enrolments with the same status: the earlier day counts."""
    days = [day for day in (row.began_on, twin.began_on) if day]
    return fill_blanks(row, twin, remarks) | ({"began_on": min(days)} if days else {})


def move_period(row: EnrolmentPeriod, changes: Values) -> Values:
    """End an open period that moves to an enrolment which has one of another status. The status decides later."""
    others = EnrolmentPeriod.objects.filter(enrolment=changes["enrolment_id"], ended_on=None)
    if row.ended_on is None and others.exclude(status=row.status).exists():
        today = clock.today()
        return changes | {"ended_on": max(today, row.began_on or today)}
    return changes


def _lost_values(enrolment: Enrolment, after: Values) -> list[str]:
    """Return ``Mentor i Mentornetværket · Hørt om os via: Oplæg`` for each value that the folded row does not keep."""
    role = _("%(role)s in %(programme)s") % {
        "role": enrolment.get_role_display(),
        "programme": enrolment.programme.name,
    }
    return [
        f"{role} · {capfirst(field.verbose_name)}: {_value_text(enrolment, field)}"
        for field in enrolment._meta.concrete_fields
        if field.editable and field.attname not in WITHOUT_REMARK and _is_lost(enrolment, field.attname, after)
    ]


def _is_lost(enrolment: Enrolment, name: str, after: Values) -> bool:
    old = getattr(enrolment, name)
    return old not in (None, "") and after[name] != old


def _value_text(row: models.Model, field: models.Field) -> str:
    value = getattr(row, field.attname)
    if isinstance(field, models.DateField):
        return danish_date(value)
    return str(getattr(row, f"get_{field.name}_display")() if field.choices else value)


def fold_languages(row: LanguageSkill, twin: LanguageSkill, remarks: list[str]) -> Values:
    """Keep the better level and both notes; a note that does not fit becomes a line in the person's notes."""
    level = max(row.level, twin.level, key=LEVEL_ORDER.index)
    notes = [note for note in dict.fromkeys((row.note, twin.note)) if note]
    note = ", ".join(notes)
    if len(note) > LanguageSkill._meta.get_field("note").max_length:
        remarks.append(f"{twin.language}: {twin.note}")
        note = row.note
    return {"level": level, "note": note}


def fold_distinct(row: DistinctPeople, twin: DistinctPeople, remarks: list[str]) -> Values:
    """Keep that the two are of the same household, whichever pair says so."""
    return {"is_household": row.is_household or twin.is_household}


def move_distinct(row: DistinctPeople, changes: Values) -> Values | None:
    """Keep the two ids in ascending order; remove the pair when the merge makes it one person."""
    ids = {"first_id": row.first_id, "second_id": row.second_id} | changes
    if ids["first_id"] == ids["second_id"]:
        return None
    first, second = sorted(ids.values())
    return {"first_id": first, "second_id": second}


def fold_states(row: PersonState, twin: PersonState, remarks: list[str]) -> Values:
    """Keep the graver of two open states, of the same ones the earlier; the other becomes a line in the notes."""
    first, second = sorted((row, twin), key=lambda state: (STATE_ORDER.index(state.kind), state.on))
    lost = " · ".join(filter(None, [str(second.get_kind_display()), danish_date(second.on, "year"), second.note]))
    if (first.kind, first.on, first.note) != (second.kind, second.on, second.note):
        remarks.append(lost)
    return {name: getattr(first, name) for name in ("kind", "on", "note", "recorded_by_id", "recorded_at", "act_id")}


def refuse_open_roles(kept: Person, other: Person) -> None:
    """Raise MergeRefused if one has died, moved away or wants no contact, and the other still has an open role."""
    for one, two in ((kept, other), (other, kept)):
        if one.state and not two.state and two.enrolments.filter(status__in=OPEN_STATUSES).exists():
            words = {"name": name_with_state(one), "number": two.case_number}
            raise MergeRefused(
                _("%(name)s, but %(number)s has open roles. Register the state there too, or lift it, first.") % words
            )
