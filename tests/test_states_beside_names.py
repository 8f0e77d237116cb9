"""Wherever the name of a person who has died or wants no contact is shown, the state is beside it.

The test opens every page of ``tests/access_table.py``, follows the links, and reads every file. When it fails, write
the name by ``{{ person|named }}``, or by ``people.display.name_with_state`` in a text.
"""

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from functools import partial
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.urls import reverse

from accounts.enums import Role
from demo.factories import (
    AttendanceFactory,
    ConsentFactory,
    EnrolmentFactory,
    EventFactory,
    FollowUpFactory,
    InterviewFactory,
    MatchFactory,
    PersonFactory,
)
from people.display import state_words
from people.enums import PersonStateKind
from people.models import Draft, Person
from people.services import correct_application, set_person_state, update_person
from people.services.merging import mark_distinct
from programmes.enums import ContactSide
from tests.access_table import ACCESS, PUBLIC, SUPPORT
from tests.demo.test_days import kind_of
from tests.events.conftest import at
from tests.test_access import Scene, address

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

STATES = (PersonStateKind.DIED, PersonStateKind.NO_CONTACT)
# Addresses of each page to open: more of those that differ from person to person.
SAME_PAGE = {"people:person-detail": 12, "matching:match-detail": 4, "events:event-detail": 4}
OTHER_PAGES = 4  # one for each set of query keys
TODAY = dt.date(2011, 9, 15)
YESTERDAY = dt.date(2011, 9, 14)
MARK = "Tingmærke"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INLINE = {"a", "abbr", "b", "em", "i", "small", "span", "strong", "time", "u", "label", "option"}
# Where a name is shown without the state: the title of the tab, the way to the page, the label that a control has for a
# screen reader, what a user has typed, the names of two cases side by side, and the message about what was just done.
WITHOUT_STATE = {"tag": {"title", "textarea", "script", "style"}, "class": {"crumb", "sr", "toast", "value", "after"}}
# Pages that show what the file of an import says, and the paper that participants sign and read.
OF_A_FILE = "imports:"
FOR_PARTICIPANTS = ("events:participant-sheet", frozenset())
# Lists that show no name without a filter.
FILTERED = {
    "desk:search": f"?soeg={MARK}",
    "matching:match-list": "?status=alle",
    "matching:match-list-export": "?status=alle&format=csv",
}
# Pages that must have shown a name, so that the walk is known to have read them.
SHOW_NAMES = {
    *("desk:today", "desk:search", "people:person-list", "people:person-detail", "people:duplicate-list"),
    *("people:group-detail", "people:organisation-detail", "people:transfer-list", "people:person-state-detail"),
    *("matching:match-list", "matching:match-detail", "matching:match-list-export", "matching:attention-list"),
    *("matching:interview-list", "matching:interview-export", "matching:follow-up-list", "matching:follow-up-export"),
    *("matching:hand-over", "matching:follow-up-log", "matching:follow-up-move"),
    *("events:event-detail", "events:check-in", "events:participant-export", "events:participant-sheet", "history"),
}


class Texts(HTMLParser):
    """The text of a page without the places of ``WITHOUT_STATE``, and its links. Blocks end with a line."""

    def __init__(self, text: str):
        super().__init__()
        self.parts, self.links, self._open = [], [], []
        self.feed(text)

    @property
    def text(self) -> str:
        return re.sub(r"[ \t\r\f\v]+", " ", "".join(self.parts))

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self.links += [names[name] for name in ("href", "hx-get") if names.get(name)]
        if tag not in INLINE:
            self.parts.append("\n")
        if tag not in VOID:
            classes = set((names.get("class") or "").split())
            self._open.append((tag, tag in WITHOUT_STATE["tag"] or bool(classes & WITHOUT_STATE["class"])))

    def handle_endtag(self, tag):
        if tag not in INLINE:
            self.parts.append("\n")
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(is_left_out for _tag, is_left_out in self._open):
            self.parts.append(re.sub(r"\s*\n\s*", " ", data))


def text_and_links(response) -> tuple[str, list[str]]:
    """Return the text of a page or of a file, and the links of a page."""
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = [file.read(name).decode() for name in file.namelist() if name.endswith(".xml")]
        return "\n".join(unescape(re.sub(r"<[^>]+>", "\n", part)) for part in parts), []
    text = content.decode(errors="replace")
    if not response.headers["Content-Type"].startswith("text/html"):
        return text, []
    page = Texts(text)
    return page.text, page.links


def names_without_state(text: str, states: dict[str, str]) -> list[str]:
    """Return the places where one of the names is not followed by its state, in brackets or after a colon or not."""
    names = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, states))})(?!\w)")
    return [
        text[max(0, hit.start() - 40) : hit.end() + 40]
        for hit in names.finditer(text)
        if not re.match(rf"(\s|\(|:)*{re.escape(states[hit[1]])}", text[hit.end() :])
    ]


def walk(client, addresses: list[str], states: dict[str, str]) -> tuple[set[str], dict[str, list[str]]]:
    """Follow the links from the addresses. Return the path names that show a name, and the places without a state."""
    waiting, seen, opened, showing, found = list(addresses), set(), Counter(), set(), {}
    for number, place in enumerate(waiting):  # links are added to the end
        kind = kind_of(place)
        if place in seen or kind is None or kind[0].startswith(OF_A_FILE) or kind == FOR_PARTICIPANTS:
            continue
        most = SAME_PAGE.get(kind[0], 0)
        is_enough = opened[kind] >= (most or 1) or opened[kind[0]] >= (most or OTHER_PAGES)
        if is_enough and number >= len(addresses):
            continue
        seen.add(place)
        opened.update({kind, kind[0]})
        response = client.get(place)
        text, links = text_and_links(response)
        links += [response.headers["Location"]] if response.has_header("Location") else []
        waiting += [urljoin(place, link.split("#")[0]) for link in links if not link.startswith("#")]
        if any(name in text for name in states):
            showing.add(kind[0])
        if places := names_without_state(text, states):
            found[place] = places
    return showing, found


@pytest.fixture
def scene(db):
    """A branch in which everyone has died or wants no contact, each with a past.

    The act ends what is open of one person. The others have the state alone, so that the lists of open work have them.
    """
    scene = Scene.build("Tingbjerg", "T", MARK)
    by, rows = scene.users[Role.ADMINISTRATOR], scene.rows
    add_pasts(scene, by)
    rows["state"] = set_person_state(rows["person"], by=by, kind=STATES[0], on=YESTERDAY)
    people = Person.objects.filter(last_name=MARK, state="")
    for number, person in enumerate(people):
        person.state, person.state_on = STATES[number % 2], YESTERDAY
        person.save(update_fields=["state", "state_on"])
    return scene


def add_pasts(scene: Scene, by) -> None:
    """Add what the rows of a scene have not: declined and ended matches, a household, drafts, corrections."""
    rows, programme = scene.rows, scene.rows["programme"]
    mentor, mentee = rows["mentor"], rows["enrolment"]
    for enrolment in (mentor, mentee):
        InterviewFactory(enrolment=enrolment, interviewer=by)
        InterviewFactory(enrolment=enrolment, held_on=None, planned_on=TODAY, interviewer=by)
        ConsentFactory(person=enrolment.person, kind="share")
        correct_application(enrolment, by=by, applied_on=dt.date(2011, 2, 27), reason="Skrevet forkert")
        update_person(enrolment.person, by=by, town="Brønshøj", organisation=rows["organisation"])
    person = partial(PersonFactory, home_branch=scene.branch, last_name=MARK)
    ended = MatchFactory(
        programme=programme,
        mentor=mentor.person,
        mentee=mentee.person,
        status="ended",
        proposed_on=dt.date(2010, 8, 20),
        started_on=dt.date(2010, 9, 1),
        ended_on=dt.date(2011, 3, 1),
    )
    for side in ContactSide.values:
        FollowUpFactory(match=ended, side=side, done_on=dt.date(2011, 1, 5))
        FollowUpFactory(match=rows["match"], side=side, due_on=TODAY)
        FollowUpFactory(match=rows["match"], side=side, due_on=YESTERDAY)
    MatchFactory(programme=programme, mentor=mentor.person, mentee=mentee.person, status="declined", started_on=None)
    held = EventFactory(programme=programme, starts_at=at(dt.date(2011, 9, 1), 17))
    today = EventFactory(programme=programme, starts_at=at(TODAY, 0))
    for event, status in (
        (held, "attended"),
        (held, "absent"),
        (today, "signed_up"),
        (today, "attended"),
        (today, "invited"),
    ):
        AttendanceFactory(event=event, status=status, person=person(first_name=f"{status.title()} {event.pk}"))
    mark_distinct(person(first_name="Hjemme"), mentee.person, by=by, is_household=True)
    person(first_name="Kontakt", organisation=rows["organisation"])
    for role in ("contact", "volunteer"):
        EnrolmentFactory(programme=programme, role=role, status="applied", person=person(first_name=role.title()))
    AttendanceFactory(event=rows["event"], status="signed_up", person=person(first_name="Tilmeldt"))
    rows["group"].enrolments.add(EnrolmentFactory(programme=programme, person=person(first_name="Gruppe")))
    for user in scene.users.values():
        Draft.objects.create(branch=scene.branch, created_by=user, known_person=mentee.person_id)


def test_no_page_names_a_person_without_the_state(scene, client):
    states = {person.name: state_words(person) for person in Person.objects.filter(last_name=MARK) if person.state}
    client.force_login(scene.users[Role.ADMINISTRATOR])
    addresses = [address(name, scene) for name in ACCESS if ACCESS[name].verb not in (PUBLIC, SUPPORT)]
    addresses += [reverse(name) + query for name, query in FILTERED.items()]
    addresses += [f"{address(name, scene)}?format=csv" for name in ACCESS if name.endswith("-export")]
    showing, found = walk(client, addresses, states)
    assert found == {}
    assert SHOW_NAMES - showing == set()
