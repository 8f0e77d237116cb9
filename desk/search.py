"""The quick search: what the words of a user find in a branch, in groups, with what can be done about each hit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Case, Prefetch, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Verb
from common import clock
from common.lists import SEARCH_KEY
from common.searching import searched_text, words_to_find
from common.templatetags.danish import danish_date, danish_period
from events.models import Event
from matching.enums import OPEN_STATUSES, MatchStatus
from matching.models import Match
from matching.rules.screening import INTERVIEWED_ROLES
from matching.words import lower_first
from people.display import gender_and_age, main_enrolment, name_with_state, status_words
from people.duplicates import people_named_like
from people.enums import OPEN_STATUSES as OPEN_ENROLMENTS
from people.enums import EnrolmentStatus
from people.models import Enrolment, Organisation, Person, VolunteerGroup
from programmes.enums import ParticipantRole
from programmes.models import Programme

SHORTEST = 2  # letters
MOST_TYPED = 5  # hits of a kind while the user types
MOST_ALIKE = 6
MOST_ON_PAGE = 20  # hits of a kind on the page of results


@dataclass(frozen=True, slots=True)
class HitAct:
    """Something that can be done about a hit, as a link to its page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record that was found: its name, a line of facts, its page, and what can be done about it."""

    name: str
    facts: str
    url: str
    acts: Sequence[HitAct] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HitGroup:
    """The hits of a kind. ``more_url`` is the list that has all of them, if there are more than are shown."""

    key: str
    label: str
    hits: Sequence[Hit]
    has_more: bool = False
    more_url: str = ""


def count_hits(groups: Sequence[HitGroup]) -> int:
    return sum(len(group.hits) for group in groups)


def _role_words(enrolment: Enrolment | None) -> str:
    """Return the role and its status, such as ``Mentee, på venteliste``; a contact's status is the role alone."""
    if enrolment is None:
        return ""
    role, status = enrolment.get_role_display(), status_words(enrolment)
    return role if role == status else f"{role}, {lower_first(status)}"


def single_hit(groups: Sequence[HitGroup]) -> Hit | None:
    """Return the only hit, or the only person if the other hits are matches: those of that person."""
    keys = [group.key for group in groups]
    if keys in (["people"], ["people", "matches"]) or len(keys) == 1:
        hits = groups[0].hits
        return hits[0] if len(hits) == 1 else None
    return None


@dataclass(kw_only=True)
class Search:
    """Words that a user searches for in a branch. Every kind is read in a constant number of queries."""

    user: User
    branch_id: int
    words: str
    most: int = MOST_TYPED

    @cached_property
    def may_work(self) -> bool:
        return self.user.may(Verb.WORK_CASES, self.branch_id)

    @cached_property
    def parts(self) -> list[str]:
        """The words as records store them."""
        return words_to_find(self.words)

    def groups(self) -> list[HitGroup]:
        """Return the kinds of which something was found; none for fewer than ``SHORTEST`` letters."""
        if len(self.words) < SHORTEST:
            return []
        kinds = (self.people, self.matches, self.events, self.organisations, self.volunteer_groups, self.programmes)
        return [group for kind in kinds if (group := kind()).hits]

    def people_alike(self) -> list[Person]:
        """Return the people of the branch whose names sound like the words."""
        if len(self.words) < SHORTEST:
            return []
        people = Person.objects.listed_for(self.user, Verb.READ_CASES, self.branch_id)
        return people_named_like(self.words, people, MOST_ALIKE)

    def people(self) -> HitGroup:
        """Find people of the branch, those first in whom every word begins a name or a number."""
        rows = Person.objects.listed_for(self.user, Verb.READ_CASES, self.branch_id).search(self.words)
        begins = Q()
        for word in self.parts:
            begins &= Q(search_text__startswith=word) | Q(search_text__contains=f" {word}")
        order = Case(When(begins, then=Value(0)), default=Value(1))
        enrolments = Enrolment.objects.visible_to(self.user).in_branches([self.branch_id])
        rows = rows.prefetch_related(Prefetch("enrolments", enrolments, to_attr="shown_enrolments"))
        rows = rows.order_by(order, "first_name", "last_name", "pk")
        return self._group("people", _("People"), rows, self._person_hit, reverse("people:person-list"))

    def _person_hit(self, person: Person) -> Hit:
        enrolment = main_enrolment(person.shown_enrolments)
        facts = [_role_words(enrolment), gender_and_age(person), person.case_number]
        return Hit(
            name=name_with_state(person),
            facts=" · ".join(filter(None, facts)),
            url=reverse("people:person-detail", args=[person.pk]),
            acts=list(self._person_acts(person, enrolment)) if self.may_work and not person.state else (),
        )

    def _person_acts(self, person: Person, enrolment: Enrolment | None) -> Iterator[HitAct]:
        if enrolment is None or enrolment.role not in INTERVIEWED_ROLES:
            return
        if enrolment.status == EnrolmentStatus.APPLIED:
            yield HitAct(_("Register interview"), reverse("matching:interview-record", args=[enrolment.pk]))
        elif enrolment.status == EnrolmentStatus.WAITING and enrolment.role == ParticipantRole.MENTEE:
            yield HitAct(_("Find mentor"), f"{reverse('matching:desk')}?mentee={enrolment.pk}")
        if enrolment.status in OPEN_ENROLMENTS:
            query = {"rolle": enrolment.pk, "next": reverse("people:person-detail", args=[person.pk])}
            yield HitAct(_("Register contact"), f"{reverse('matching:contact-create')}?{urlencode(query)}")

    def matches(self) -> HitGroup:
        """Find matches by their number or their people: those that run first, then the newest."""
        rows = Match.objects.visible_to(self.user).in_branches([self.branch_id]).search(self.words)
        is_open = Case(When(status__in=OPEN_STATUSES, then=Value(0)), default=Value(1))
        rows = rows.with_parties().order_by(is_open, "-pk")
        url = f"{reverse('matching:match-list')}?status=alle"
        return self._group("matches", _("Matches"), rows, self._match_hit, url)

    def _match_hit(self, match: Match) -> Hit:
        names = {"mentee": name_with_state(match.mentee), "mentor": name_with_state(match.mentor)}
        acts = {
            MatchStatus.INTRODUCED: (_("Register first meeting"), "matching:match-start"),
            MatchStatus.ACTIVE: (_("Register meeting"), "matching:meeting-create"),
        }
        act = acts.get(match.status) if self.may_work else None
        return Hit(
            name=_("%(mentee)s and %(mentor)s") % names,
            facts=f"{match.get_status_display()} · {match.number}",
            url=reverse("matching:match-detail", args=[match.pk]),
            acts=[HitAct(act[0], reverse(act[1], args=[match.pk]))] if act else (),
        )

    def events(self) -> HitGroup:
        """Find events by title and place: those to come, soonest first, then the past ones, newest first."""
        rows = Event.objects.visible_to(self.user).in_branches([self.branch_id]).order_by("starts_at", "pk")
        found = rows.values_list("pk", "ends_at", "title", "place")
        now, ends = clock.now(), {pk: ends_at for pk, ends_at, *texts in found if self._is_in(texts)}
        coming = [pk for pk, ends_at in ends.items() if ends_at >= now]
        past = [pk for pk, ends_at in reversed(ends.items()) if ends_at < now]
        return self._group("events", _("Events"), self._rows(rows, [*coming, *past]), self._event_hit)

    def _event_hit(self, event: Event) -> Hit:
        facts = [_("Cancelled") if event.is_cancelled else "", danish_date(event.day), event.place]
        is_to_hold = self.may_work and not event.is_cancelled and event.day >= clock.today()
        list_act = HitAct(_("Check-in list"), reverse("events:check-in", args=[event.pk]))
        return Hit(
            name=event.title,
            facts=" · ".join(filter(None, facts)),
            url=reverse("events:event-detail", args=[event.pk]),
            acts=[list_act] if is_to_hold else (),
        )

    def organisations(self) -> HitGroup:
        rows = Organisation.objects.visible_to(self.user).in_branches([self.branch_id])
        found = self._rows(rows, self._ids(rows, "name", "email", phone="phone"))
        url = reverse("people:organisation-list")
        return self._group("organisations", _("Organisations"), found, self._organisation_hit, url)

    def _organisation_hit(self, organisation: Organisation) -> Hit:
        facts = filter(None, [organisation.get_kind_display(), organisation.address])
        url = reverse("people:organisation-detail", args=[organisation.pk])
        return Hit(name=organisation.name, facts=" · ".join(facts), url=url)

    def volunteer_groups(self) -> HitGroup:
        rows = VolunteerGroup.objects.visible_to(self.user).in_branches([self.branch_id])
        found = self._rows(rows, self._ids(rows, "name", "place"))
        return self._group("groups", _("Volunteer groups"), found, self._volunteer_hit, reverse("people:group-list"))

    def _volunteer_hit(self, group: VolunteerGroup) -> Hit:
        facts = filter(None, [group.get_kind_display(), group.place])
        return Hit(name=group.name, facts=" · ".join(facts), url=reverse("people:group-detail", args=[group.pk]))

    def programmes(self) -> HitGroup:
        rows = Programme.objects.visible_to(self.user).in_branches([self.branch_id])
        found = self._rows(rows, self._ids(rows, "name"))
        return self._group("programmes", _("Programmes"), found, self._programme_hit)

    def _programme_hit(self, programme: Programme) -> Hit:
        url = reverse("programmes:programme-detail", args=[programme.slug])
        return Hit(name=programme.name, facts=danish_period(programme.starts_on, programme.ends_on), url=url)

    # --- what the kinds share ---

    def _ids(self, rows: QuerySet, *texts: str, phone: str = "") -> list[int]:
        """Return the ids of rows with every word; in Python, because the database does not fold Danish letters."""
        names = [*texts, phone] if phone else texts
        found = rows.values_list("pk", *names)
        return [pk for pk, *values in found if self._is_in(values[: len(texts)], values[len(texts) :])]

    def _is_in(self, texts: Sequence[str], phones: Sequence[str] = ()) -> bool:
        text = searched_text(texts, phones)
        return all(word in text for word in self.parts)

    def _rows(self, rows: QuerySet, ids: Sequence[int]) -> list:
        """Return the rows with the first ids, in their order, one more than are shown."""
        shown = ids[: self.most + 1]
        found = rows.in_bulk(shown) if shown else {}
        return [found[pk] for pk in shown]

    def _group(self, key: str, label: str, rows: Sequence, hit: Callable[..., Hit], list_url: str = "") -> HitGroup:
        found = list(rows[: self.most + 1])
        joint = "&" if "?" in list_url else "?"
        return HitGroup(
            key=key,
            label=label,
            hits=[hit(row) for row in found[: self.most]],
            has_more=len(found) > self.most,
            more_url=f"{list_url}{joint}{urlencode({SEARCH_KEY: self.words})}" if list_url else "",
        )
