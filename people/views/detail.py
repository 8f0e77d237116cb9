"""A person's page: the next action, the timeline, wishes or offers, consents, contact details."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import DetailView

from accounts.models import User
from accounts.roles import Verb
from accounts.views_base import ScopedObjectMixin
from common import clock
from common.models import ChangeKind
from common.templatetags.danish import danish_date, due_words
from people import display, panels, timeline
from people.duplicates import household_of
from people.enums import LEFT_STATUSES, ConsentKind, EnrolmentStatus
from people.models import Consent, Enrolment, Person, PersonMerge, PersonState
from people.origins import key_of, origins_of
from people.services.removing import is_own_of_today, removal_refusal
from people.statuses import has_open_match
from programmes.enums import ParticipantRole

SEGMENTS = [None, timeline.EntryKind.FOLLOW_UP, timeline.EntryKind.MATCH, timeline.EntryKind.EVENT]
MONTHS_A_YEAR = 12


class PersonDetailView(ScopedObjectMixin, DetailView):
    verb = Verb.READ_CASES
    logs_access = True
    template_name = "people/person_detail.html"
    context_object_name = "person"

    def get_queryset(self):
        merges = PersonMerge.objects.select_related("merged_by", "undone_by")
        states = PersonState.objects.select_related("recorded_by", "lifted_by")
        people = Person.objects.select_related("organisation", "created_by")
        return people.prefetch_related(
            "languages__language", "earlier_numbers", Prefetch("merges", merges), Prefetch("states", states)
        )

    def get_context_data(self, **kwargs):
        person, user = self.object, self.request.user
        enrolments = list(
            Enrolment.objects.visible_to(user)
            .filter(person=person)
            .select_related("programme", "person")
            .prefetch_related("terms")
        )
        main = self.chosen(enrolments) or display.main_enrolment(enrolments)
        return super().get_context_data(
            enrolment=main,
            shown_role=main.role if main else "",
            other_enrolments=[row for row in enrolments if row != main],
            facts=facts_of(person, main),
            next_action=panels.next_action_for(person, user) or own_next_action(person, main),
            consents=newest_consents(person),
            household=household_of(person, user),
            merges=[merge for merge in person.merges.all() if merge.undone_at is None],
            states=sorted(person.states.all(), key=lambda state: state.lifted_on is not None),
            retention=retention_words(main),
            may_work=user.may(Verb.WORK_CASES),
            may_remove=is_own_of_today(person, user) and not removal_refusal(person, user),
            may_transfer=user.may(Verb.WORK_CASES, person.home_branch_id),
            shows_contact=user.may(Verb.WORK_CASES) or not person.state,
            may_read_log=user.may(Verb.READ_LOG)
            and not person.branch_ids().isdisjoint(user.branch_ids_for(Verb.READ_LOG)),
            **self.timeline_context(),
            **self.panel_context(),
            **origins_on_page(person, main, user),
            **self.acts(main),
            **kwargs,
        )

    def timeline_context(self) -> dict:
        kind = timeline.EntryKind.of_query(self.request.GET.get("type"))
        entries = timeline.entries_for(self.object, self.request.user, kind)
        segments = [(value, value.label if value else _("All of it")) for value in SEGMENTS]
        return {"blocks": timeline.blocks_of(entries), "kind": kind, "segments": segments}

    def panel_context(self) -> dict:
        found = panels.panels_for(self.object, self.request.user)
        above = [panel for panel in found if panel.order < panels.OWN_ORDER]
        return {"panels_above": above, "panels_below": found[len(above) :]}

    def chosen(self, enrolments: list[Enrolment]) -> Enrolment | None:
        wanted = self.request.GET.get("rolle", "")
        return next((row for row in enrolments if str(row.pk) == wanted), None)

    def acts(self, enrolment: Enrolment | None) -> dict:
        """Return which acts the menu offers for the enrolment shown."""
        status = enrolment.status if enrolment else ""
        return {
            "can_pause": status in ["applied", "waiting"],
            "can_end": status in ["applied", "waiting", "paused"] and not has_open_match(enrolment),
            "can_reopen": status in ["paused", "ended", "declined"],
            "is_contact": bool(enrolment) and enrolment.role == ParticipantRole.CONTACT,
        }


def origins_on_page(person: Person, enrolment: Enrolment | None, user: User) -> dict:
    """Return the origins of the person, of the enrolment shown and of the people merged into the person."""
    merged = merged_ids(person)
    keys = {key_of(record) for record in (person, enrolment) if record}
    found = origins_of(keys | {(Person._meta.label_lower, pk) for pk in merged.values()}, user)
    merged_origins = {number: found.get((Person._meta.label_lower, pk)) for number, pk in merged.items()}
    return {
        "origin": found.get(key_of(person)),
        "enrolment_origin": found.get(key_of(enrolment)) if enrolment else None,
        "merged_origins": {number: origin for number, origin in merged_origins.items() if origin},
    }


def merged_ids(person: Person) -> dict[str, int]:
    """Return case number → former id of each person merged into this one. One query, none without a merge."""
    if not person.merged_numbers:
        return {}
    removed = {"act__changes__kind": ChangeKind.REMOVED, "act__changes__model": Person._meta.label_lower}
    merges = PersonMerge.objects.filter(kept=person, undone_at=None, **removed)
    return dict(merges.values_list("merged_case_number", "act__changes__record_id"))


def facts_of(person: Person, enrolment: Enrolment | None) -> list[str]:
    """Return the facts of the line under the name."""
    facts = [person.case_number]
    if earlier := [row.number for row in person.earlier_numbers.all()]:
        facts.append(_("formerly %(numbers)s") % {"numbers": ", ".join(earlier)})
    if person.merged_numbers:
        facts.append(_("Also case %(numbers)s") % {"numbers": ", ".join(person.merged_numbers)})
    if enrolment:
        facts.append(
            _("%(role)s in %(programme)s")
            % {"role": enrolment.get_role_display(), "programme": enrolment.programme.name}
        )
    facts.append(display.gender_and_age(person))
    facts.append(person.livelihood[:1].upper() + person.livelihood[1:])
    if person.arrival_year:
        facts.append(_("In Denmark since %(year)s") % {"year": person.arrival_year})
    return [fact for fact in facts if fact]


def own_next_action(person: Person, enrolment: Enrolment | None) -> panels.NextAction | None:
    """Return the next action of an enrolment for which no upper app has one. A person in a state has none."""
    if person.state:
        return None
    if enrolment is None:
        return role_action(person)
    if enrolment.status == EnrolmentStatus.PAUSED:
        return pause_action(enrolment)
    if enrolment.status in LEFT_STATUSES:
        return ended_action(enrolment)
    return last_contact_action(person)


def role_action(person: Person) -> panels.NextAction:
    """Return that a person without a role gets one."""
    return panels.NextAction(
        priority=60,
        title=_("%(name)s has no role yet.") % {"name": person.first_name or person.name},
        text=_("Choose what the person takes part in."),
        url=f"{reverse('people:person-create')}?person={person.pk}",
        label=_("Add role"),
    )


def pause_action(enrolment: Enrolment) -> panels.NextAction:
    """Return what to do about a role on pause: to ask the person, on the day on which the pause should end."""
    until, today = enrolment.paused_until, clock.today()
    is_over = until is not None and until <= today
    name = {"name": enrolment.person.first_name or enrolment.person.name}
    return panels.NextAction(
        priority=30 if is_over else 40,
        badge="overdue" if is_over else "on_pause",
        badge_text=due_words(until) if is_over else "",
        title=_("Ask %(name)s whether to go on.") % name if is_over else display.pause_words(enrolment),
        text=enrolment.paused_reason,
        url=reverse("people:enrolment-reopen", args=[enrolment.pk]),
        label=_("Reopen the role"),
    )


def ended_action(enrolment: Enrolment) -> panels.NextAction:
    """Return that a role which has ended or was declined can go on."""
    role, day = enrolment.get_role_display(), danish_date(enrolment.ended_on)
    return panels.NextAction(
        priority=60,
        badge="idle",
        badge_text=enrolment.get_status_display(),
        title=_("%(role)s until %(day)s") % {"role": role, "day": day} if day else role,
        text=enrolment.ended_reason or _("The person can come back at any time."),
        url=reverse("people:enrolment-reopen", args=[enrolment.pk]),
        label=_("Reopen the role"),
    )


def last_contact_action(person: Person) -> panels.NextAction:
    day = person.last_contacted_on
    title = _("Last contact was %(day)s.") % {"day": danish_date(day)} if day else _("No contact is registered yet.")
    address = reverse("people:person-contact", args=[person.pk])
    return panels.NextAction(priority=50, title=title, url=address, label=_("Register contact"))


def newest_consents(person: Person) -> list[Consent]:
    """Return the newest consent of each kind, in the order of the kinds."""
    newest: dict[str, Consent] = {}
    for consent in person.consents.all():
        newest.setdefault(consent.kind, consent)
    return [newest[kind] for kind in ConsentKind.values if kind in newest]


def retention_words(enrolment: Enrolment | None) -> str:
    """Return how long the programme keeps details after the end, such as ``to år``."""
    if enrolment is None:
        return ""
    months = enrolment.programme.retention_months
    years, rest = divmod(months, MONTHS_A_YEAR)
    words = {1: _("one year"), 2: _("two years"), 3: _("three years"), 5: _("five years")}
    if rest:
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    return words.get(years) or _("%(count)s years") % {"count": years}
