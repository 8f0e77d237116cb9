"""The waits, pauses and ends of enrolments as records; the status, days and reasons of an enrolment copy the open one.

``keep_periods`` runs after every act that may change a status: it closes and opens records by what the enrolments say.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common import clock
from common.bulk import build
from common.journal import current_journal
from common.models import Change, ChangeKind
from people.enums import LEFT_STATUSES, PERIOD_STATUSES, EnrolmentStatus
from people.models import Enrolment, EnrolmentPeriod

Periods = list[EnrolmentPeriod]  # of one enrolment, the oldest first
KEPT_FIELDS = ("began_on", "expected_on", "ended_on", "reason", "end_reason", "starts_over")
COUNTED_FIELDS = ("waiting_since", "wait_counted_from")


# ---------------------------------------------------------------- reading


def periods_of(enrolments: Iterable[Enrolment]) -> dict[int, Periods]:
    """Return the records of each enrolment by its id, an open one last. One query."""
    found: dict[int, Periods] = {enrolment.pk: [] for enrolment in enrolments}
    for period in EnrolmentPeriod.objects.filter(enrolment__in=list(found)).order_by("pk"):
        found[period.enrolment_id].append(period)
    for periods in found.values():
        periods.sort(key=lambda period: period.ended_on is None)
    return found


def waits_of_round(periods: Iterable[EnrolmentPeriod]) -> Periods:
    """Return the waits whose days count together, by their first day: the last that starts over, and those after it."""
    waits = sorted(
        (period for period in periods if period.status == EnrolmentStatus.WAITING),
        key=lambda wait: wait.began_on or dt.date.min,
    )
    first = max((index for index, wait in enumerate(waits) if wait.starts_over), default=0)
    return waits[first:]


def days_waited(waits: Iterable[EnrolmentPeriod], on: dt.date) -> int:
    """Return the days of waits until a day. A day that two of them share counts once."""
    total, last = 0, dt.date.min
    for wait in sorted((wait for wait in waits if wait.began_on), key=lambda wait: wait.began_on):
        began, ended = max(wait.began_on, last), min(wait.ended_on or on, on)
        if ended > began:
            total += (ended - began).days
            last = ended
    return total


def _round_start(periods: Periods) -> dt.date | None:
    return next((wait.began_on for wait in waits_of_round(periods) if wait.began_on), None)


# ---------------------------------------------------------------- writing


def keep_periods(
    enrolments: Collection[Enrolment],
    *,
    days: Mapping[int, dt.date] | None = None,
    reason: str = "",
    continues: bool = False,
) -> None:
    """Bring the records of stored, locked enrolments in line with their status, days and reasons, in the open act.

    A record that is over ends on the day of its enrolment in ``days`` (id → day), otherwise today, with ``reason``. A
    wait that begins again ``continues`` the last one, as if it had not been interrupted, or begins on that day.
    """
    rows = list({enrolment.pk: enrolment for enrolment in enrolments}.values())
    known, keeper = periods_of(rows), _Keeper(reason=reason, continues=continues)
    for enrolment in rows:
        keeper.keep(enrolment, known[enrolment.pk], (days or {}).get(enrolment.pk, clock.today()))
    keeper.store()


def keep_new_periods(enrolments: Collection[Enrolment]) -> None:
    """Store the records of enrolments that the open act has just created, in one insert."""
    rows = [row for row in enrolments if row.status in PERIOD_STATUSES]
    current_journal().create(EnrolmentPeriod, [_new_period(row, [], clock.today()) for row in rows])


def settle_restored_periods(periods: list[EnrolmentPeriod]) -> list[str]:
    """Let undoing an act open a record only if none is open that stays. Returns the names of the changed fields.

    One that the undone act opened is about to be deleted, and is closed until then.
    """
    undone = current_journal().act.undoes
    for period in (period for period in periods if period.ended_on is None):
        others = EnrolmentPeriod.objects.filter(enrolment=period.enrolment_id, ended_on=None).exclude(pk=period.pk)
        for other in others:
            made = Change.objects.filter(act=undone, kind=ChangeKind.MADE, model=other._meta.label_lower)
            if made.filter(record_id__lte=other.pk, last_id__gte=other.pk).exists():
                EnrolmentPeriod.objects.filter(pk=other.pk).update(ended_on=other.began_on or clock.today())
            else:
                stored = EnrolmentPeriod.objects.filter(pk=period.pk).values_list("ended_on", flat=True).first()
                period.ended_on = stored or max(clock.today(), period.began_on or clock.today())
    return ["ended_on"]


def join_waits(enrolment: Enrolment, since: dt.date) -> None:
    """Count the waits from a day on together with those before, as what came between does not count.

    The enrolment is locked and gets the earlier ``waiting_since``, unsaved.
    """
    periods = periods_of([enrolment])[enrolment.pk]
    later = [row for row in periods if row.starts_over and row.began_on and row.began_on >= since]
    for wait in later:
        current_journal().change(wait, {"starts_over": False})
    enrolment.waiting_since = _round_start(periods) or enrolment.waiting_since


def move_wait(enrolment: Enrolment, since: dt.date) -> None:
    """Let the wait of a locked enrolment begin on another day. The enrolment is saved by the caller.

    Raises ValidationError if the wait was over by then, or another wait, pause or end lasted longer.
    """
    periods, began_on = periods_of([enrolment])[enrolment.pk], enrolment.waiting_since
    first = next((wait for wait in waits_of_round(periods) if wait.began_on == began_on), None)
    if first is not None:
        earlier = [row.ended_on for row in periods if row.ended_on and row is not first and row.ended_on <= began_on]
        if since < max(earlier, default=since) or (first.ended_on and since > first.ended_on):
            raise ValidationError(_("Another wait, pause or end of the role is registered on that day."), code="order")
        current_journal().change(first, {"began_on": since})
    enrolment.waiting_since = since


def move_days(enrolment: Enrolment, period: EnrolmentPeriod, days: Mapping[str, dt.date | None]) -> None:
    """Give a pause or an end of a locked enrolment other days, by field. The caller saves the enrolment with copies.

    A wait that ends or begins with it moves along. Raises ValidationError for a day that another record or the
    application is in the way of.
    """
    periods = periods_of([enrolment])[enrolment.pk]
    place = next(index for index, row in enumerate(periods) if row.pk == period.pk)
    earlier, row, later = periods[:place], periods[place], periods[place + 1 :]
    before = {one: {"ended_on": days["began_on"]} for one in earlier[-1:] if one.ended_on == row.began_on}
    after = {one: {"began_on": days["ended_on"]} for one in later[:1] if one.began_on == row.ended_on}
    moved = {**before, row: days, **after}
    _refuse_disorder(enrolment, [*earlier[-1:], row, *later[:1]], moved)
    for one, values in moved.items():
        current_journal().change(one, values)
    if row.ended_on is None:
        is_pause = row.status == EnrolmentStatus.PAUSED
        enrolment.paused_on, enrolment.ended_on = (row.began_on, None) if is_pause else (None, row.began_on)
        enrolment.paused_until = row.expected_on


def move_edges(enrolment: Enrolment, *, began: tuple[dt.date, dt.date], ended: tuple[dt.date, dt.date]) -> None:
    """Move what began on one day and what was over on another, each from an old to a new day, for a locked enrolment.

    Raises ValidationError if another record or the application is in the way.
    """
    periods, moved = periods_of([enrolment])[enrolment.pk], {}
    for row in periods:
        days = {"began_on": began} if row.began_on == began[0] else {}
        days |= {"ended_on": ended} if row.ended_on == ended[0] and row.began_on and row.began_on >= began[0] else {}
        if days:
            moved[row] = {name: new for name, (_old, new) in days.items()}
    places = [index for index, row in enumerate(periods) if row in moved]
    if places:
        _refuse_disorder(enrolment, periods[max(min(places) - 1, 0) : max(places) + 2], moved)
    for row, values in moved.items():
        current_journal().change(row, values)


def _refuse_disorder(enrolment: Enrolment, periods: Periods, moved: Mapping[EnrolmentPeriod, Mapping]) -> None:
    """Raise ValidationError if records with their ``moved`` days are out of order, or before the application."""
    last = enrolment.applied_on or dt.date.min
    facts = [{"began_on": row.began_on, "ended_on": row.ended_on} | dict(moved.get(row, {})) for row in periods]
    for day in (day for row in facts for day in (row["began_on"], row["ended_on"]) if day):
        if day < last:
            words = _("The days are not in order with the application or with another wait, pause or end.")
            raise ValidationError(words, code="order")
        last = day


class _Keeper:
    """Collects what has to be stored, so that many enrolments take as many queries as one."""

    def __init__(self, *, reason: str, continues: bool):
        self.reason, self.continues = reason, continues
        self.changed: dict[int, EnrolmentPeriod] = {}  # by id
        self.opened: Periods = []
        self.recounted: list[Enrolment] = []

    def keep(self, enrolment: Enrolment, periods: Periods, on: dt.date) -> None:
        """Close and open the records of an enrolment; a record that is over ends ``on`` that day."""
        if periods and periods[-1].ended_on is None:
            self._follow(enrolment, periods, on)
        is_open = bool(periods) and periods[-1].ended_on is None
        if enrolment.status in PERIOD_STATUSES and not is_open and not self._continue_wait(enrolment, periods):
            periods.append(_new_period(enrolment, periods, on))
            self.opened.append(periods[-1])
        if enrolment.status == EnrolmentStatus.WAITING:
            self._copy_days(enrolment, periods)

    def store(self) -> None:
        """Store the changes. Records are closed before others are opened, as one at most may be open."""
        journal = current_journal()
        journal.save_all(EnrolmentPeriod, self.changed.values(), KEPT_FIELDS)
        journal.create(EnrolmentPeriod, self.opened)
        journal.save_all(Enrolment, self.recounted, COUNTED_FIELDS)

    def _follow(self, enrolment: Enrolment, periods: Periods, on: dt.date) -> None:
        """Let the open record end if the status is another one, or if the person waits from a later day."""
        last, since = periods[-1], enrolment.waiting_since
        if last.status != enrolment.status and current_journal().has_made(last) and last.began_on == on:
            current_journal().delete([periods.pop()])  # the act only passed through it
        elif last.status != enrolment.status:
            self._change(last, ended_on=max(on, last.began_on or on), end_reason=self.reason)
        elif last.status != EnrolmentStatus.WAITING:
            self._change(last, **_facts_of(enrolment))
        elif last.began_on is None:
            self._change(last, began_on=since)
        elif since and since > last.began_on and since != _round_start(periods):
            self._change(last, ended_on=since)

    def _continue_wait(self, enrolment: Enrolment, periods: Periods) -> bool:
        """Open the last record again if it is a wait, and return whether it is."""
        is_wait = bool(periods) and periods[-1].status == enrolment.status == EnrolmentStatus.WAITING
        if not (self.continues and is_wait):
            return False
        self._change(periods[-1], ended_on=None, end_reason="")
        return True

    def _change(self, period: EnrolmentPeriod, **values) -> None:
        values = {name: value for name, value in values.items() if getattr(period, name) != value}
        if values:
            current_journal().changes(period, values)
            for name, value in values.items():
                setattr(period, name, value)
            self.changed[period.pk] = period

    def _copy_days(self, enrolment: Enrolment, periods: Periods) -> None:
        *earlier, last = waits_of_round(periods)
        if last.began_on is None:
            return
        copies = {
            "waiting_since": _round_start(periods),
            "wait_counted_from": last.began_on - dt.timedelta(days=days_waited(earlier, last.began_on)),
        }
        if any(getattr(enrolment, name) != value for name, value in copies.items()):
            current_journal().changes(enrolment, COUNTED_FIELDS)
            for name, value in copies.items():
                setattr(enrolment, name, value)
            self.recounted.append(enrolment)


def _new_period(enrolment: Enrolment, periods: Periods, on: dt.date) -> EnrolmentPeriod:
    """Return the unsaved open record of an enrolment. A wait from a new day starts over, others go on."""
    if enrolment.status != EnrolmentStatus.WAITING:
        return build(EnrolmentPeriod, enrolment_id=enrolment.pk, status=enrolment.status, **_facts_of(enrolment))
    since, ends = enrolment.waiting_since, [row.ended_on for row in waits_of_round(periods) if row.ended_on]
    starts_over = not ends or (since is not None and since >= max(ends) and since != _round_start(periods))
    began_on = since if starts_over else max(on, *ends)
    return build(
        EnrolmentPeriod,
        enrolment_id=enrolment.pk,
        status=enrolment.status,
        began_on=began_on,
        starts_over=bool(starts_over),
    )


def _facts_of(enrolment: Enrolment) -> dict:
    """Return the days and the reason of a pause or an end, as the enrolment has them."""
    if enrolment.status in LEFT_STATUSES:
        return {"began_on": enrolment.ended_on, "expected_on": None, "reason": enrolment.ended_reason}
    return {
        "began_on": enrolment.paused_on,
        "expected_on": enrolment.paused_until,
        "reason": enrolment.paused_reason,
    }
