"""Every form in which something is typed is decided about: it finds changes of another user, or need not.

The list is made from the addresses. When ``test_every_form_is_decided`` fails for a new form, let its view inherit
``common.editing.EditFormMixin`` and enter it in ``VERSIONED``, or enter it in ``NOT_VERSIONED`` with the reason.
"""

from typing import NamedTuple

import pytest
from django.test import Client

from common.form_values import unpack_seen
from demo.factories import MembershipFactory, UserFactory
from tests.access_table import ACCESS, PUBLIC, SUPPORT
from tests.form_pages import encoded, form_with, forms_of
from tests.test_access import Scene, address

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


class Edit(NamedTuple):
    """A field with two new values, a second field with one, and what else must be filled in."""

    field: str
    theirs: str
    mine: str
    second: str = ""
    value: str = ""
    rest: dict[str, str] = {}


WHY = {"reason": "Skrevet forkert"}
# Forms that edit a stored record.
VERSIONED = {
    "people:person-edit": Edit("address", "Ruten 14", "Terrasserne 8", "town", "Brønshøj"),
    "people:consent-edit": Edit("share", "yes", "no", "photo", "yes"),
    "people:person-contact": Edit("on", "13-09-2011", "14-09-2011"),
    "people:wishes-edit": Edit("wish", "Et job", "En praktik", "availability_note", "Helst aften"),
    "people:organisation-edit": Edit("address", "Ruten 14", "Terrasserne 8", "notes", "Ring først"),
    "people:group-edit": Edit("place", "Skolen", "Biblioteket", "opening_times", "Tirsdag 16–18"),
    "events:event-edit": Edit("place", "Skolen", "Biblioteket", "description", "Kaffe fra kl. 16"),
    "programmes:programme-edit": Edit("agreement", "Aftale 1", "Aftale 2", "target_group", "Kvinder"),
    "programmes:step-edit": Edit("name", "Opringning", "Besøg", "days_after_start", "21"),
    "programmes:requirement-edit": Edit("count", "2", "3"),
    "reporting:target-edit": Edit("wording", "Tyve match", "Tredive match", "note", "Tælles ved start"),
    "matching:goal-update": Edit("text", "Et job", "En praktik", "note", "Helst i byggefaget"),
    "matching:interview-plan": Edit("place", "Skolen", "Biblioteket", "time", "16.30"),
    "matching:meeting-plan": Edit("place", "Skolen", "Biblioteket"),
    "matching:interview-record": Edit(
        "wish", "Et job", "En praktik", rest={"summary": "Talt sammen", "assessment": "later"}
    ),
    "matching:match-days": Edit("started_on", "02-06-2011", "03-06-2011", rest=WHY),
    "matching:meeting-correct": Edit("note", "Gåtur", "Café", "hours", "3,00", rest=WHY),
    "matching:outcome-correct": Edit("note", "I byggefaget", "Som lærling", rest=WHY),
    "matching:interview-correct": Edit("held_on", "12-09-2011", "13-09-2011", rest=WHY),
    "matching:check-correct": Edit("note", "Set", "Vist", rest=WHY),
    "matching:follow-up-correct": Edit("note", "Godt", "Fint", rest=WHY | {"channel": "phone", "mood": "good"}),
    "matching:contact-correct": Edit("note", "Godt", "Fint", rest=WHY),
    "people:application-correct": Edit("applied_on", "12-02-2011", "13-02-2011", rest=WHY),
    "matching:pause-correct": Edit("began_on", "02-08-2011", "03-08-2011", rest=WHY),
    "matching:ending-correct": Edit("on", "21-08-2011", "22-08-2011", rest=WHY),
    "people:period-correct": Edit("began_on", "02-08-2011", "03-08-2011", rest=WHY),
    "people:consent-correct": Edit("source", "Sagt", "Skrevet", rest=WHY),
    "accounts:profile": Edit("name", "Ada Holm", "Ada Lind", "phone", "20 30 40 50"),
    "accounts:user-detail": Edit("role", "administrator", "manager"),
}
CREATES = "creates a record"
ACTS = "an act, refused by its service if another user did it or its like"
EXPORTS = "chooses columns of a list; nothing is stored but the choice"
SIGN_IN = "sign-in; nothing stored is shown"
NOT_VERSIONED = {
    **dict.fromkeys(["account_change_password", "account_reauthenticate"], SIGN_IN),
    **{name: EXPORTS for name in ACCESS if name.endswith("-export")},
    **{name: CREATES for name in ACCESS if name.endswith("-create")},
    "accounts:user-invite": CREATES,
    "matching:desk-propose": CREATES,
    **dict.fromkeys(["people:person-state", "people:person-state-lift", "people:transfer-ask"], ACTS),
    "people:transfer-list": "answers a transfer, which is answered once",
    **dict.fromkeys(["people:transfer-ask", "people:transfer-list"], "asks for a transfer, and answers it once"),
    "people:person-create-draft": "a draft, for its user only; tabs are merged (tests/people/test_views_drafts.py)",
    **dict.fromkeys(["people:person-detail", "people:question-list"], "answers a question, which is answered once"),
    **dict.fromkeys(
        ["people:enrolment-pause", "people:enrolment-end", "people:enrolment-reopen", "people:merge"], ACTS
    ),
    **{name: ACTS for name in ACCESS if name.startswith("matching:match-") and not name.endswith("-export")},
    "matching:meeting-cancel": ACTS,
    "matching:follow-up-log": "a second talk is kept as a contact outside the plan (test_services_records.py)",
    **dict.fromkeys(["matching:follow-up-move", "matching:follow-up-skip"], ACTS),
    "events:check-in": "a number counted at the door: the last count holds, the history has both",
    "reporting:report-write": "saved while typing; save_sections merges part by part and asks",
}


@pytest.fixture
def scene():
    return Scene.build("Tingbjerg", "T", "Tingmærke")


@pytest.fixture
def editors(scene) -> list[Client]:
    """The browsers of two administrators, the second one of Hanne Lund."""
    other = MembershipFactory(branch=scene.branch, role="administrator", user=UserFactory(name="Hanne Lund")).user
    browsers = [Client(), Client()]
    for browser, user in zip(browsers, [scene.users["administrator"], other], strict=True):
        browser.force_login(user)
    return browsers


def test_every_form_is_decided(scene, client):
    client.force_login(scene.users["administrator"])
    found, marked = set(), set()
    for name, rule in ACCESS.items():
        if rule.verb in {PUBLIC, SUPPORT}:
            continue
        response = client.get(address(name, scene))
        if response.status_code != 200 or "text/html" not in response.headers["Content-Type"]:
            continue
        forms = [form for form in forms_of(response) if form.method == "post" and form.typed]
        found |= {name} if forms else set()
        marked |= {name} if any(unpack_seen(form.data.get("seen", [""])[0]) for form in forms) else set()
    assert sorted(found - VERSIONED.keys() - NOT_VERSIONED.keys()) == []
    assert sorted(marked) == sorted(VERSIONED)


def post(client, path: str, data):
    return client.post(path, encoded(data), content_type="application/x-www-form-urlencoded")


def stored(client, path: str) -> dict[str, str]:
    """Return the first value of each field of the form, as it is stored now."""
    return {name: values[0] for name, values in form_with(client.get(path), "seen").data.items() if values}


def both_open(name: str, scene, editors):
    """Return the address and the forms that two users have opened; a profile is open in two tabs of its user."""
    mine, theirs = editors
    if name == "accounts:profile":
        theirs = mine
    path = address(name, scene)
    return path, mine, theirs, form_with(mine.get(path), "seen"), form_with(theirs.get(path), "seen")


@pytest.mark.parametrize("name", VERSIONED)
@pytest.mark.parametrize("choice", ["theirs", "mine"])
def test_two_editors_of_one_field_are_asked_and_get_what_they_choose(name, choice, scene, editors):
    edit = VERSIONED[name]
    path, mine, theirs, my_form, their_form = both_open(name, scene, editors)
    assert post(theirs, path, their_form.filled(**{edit.field: edit.theirs}, **edit.rest)).status_code == 302
    page = post(mine, path, my_form.filled(**{edit.field: edit.mine}, **edit.rest))
    assert page.status_code == 409
    [(line, chosen)] = page.context["lines"]["both"]
    assert (line.typed.key(), line.stored.key(), chosen) == ([edit.mine], [edit.theirs], "")
    assert line.theirs in page.text
    assert line.mine in page.text
    if name != "accounts:profile":
        assert page.context["editors"].names == ["Hanne Lund"]
    reader = mine if name == "accounts:profile" else theirs  # an interview shows its user the draft
    assert stored(reader, path)[edit.field] == edit.theirs
    answer = form_with(page, "typed")
    assert f"keep-{edit.field}" in answer.typed
    assert post(mine, path, answer.filled()).status_code == 422
    assert stored(reader, path)[edit.field] == edit.theirs
    assert post(mine, path, answer.filled(**{f"keep-{edit.field}": choice})).status_code == 302
    assert stored(reader, path)[edit.field] == {"theirs": edit.theirs, "mine": edit.mine}[choice]


@pytest.mark.parametrize("name", [name for name, edit in VERSIONED.items() if edit.second])
@pytest.mark.parametrize("is_mine_first", [True, False])
def test_two_editors_of_two_fields_lose_nothing(name, scene, editors, is_mine_first):
    edit = VERSIONED[name]
    path, mine, theirs, my_form, their_form = both_open(name, scene, editors)
    changes = [{edit.field: edit.theirs}, {edit.second: edit.value}]
    first, second = changes if is_mine_first else reversed(changes)
    assert post(theirs, path, their_form.filled(**first, **edit.rest)).status_code == 302
    response = post(mine, path, my_form.filled(**second, **edit.rest))
    assert response.status_code == 302
    toast = mine.get("/administration/konto/").text
    now = stored(mine, path)
    assert (now[edit.field], now[edit.second]) == (edit.theirs, edit.value)
    assert "Begge rettelser er bevaret." in toast


@pytest.mark.parametrize("name", VERSIONED)
def test_the_same_change_twice_is_no_conflict(name, scene, editors):
    edit = VERSIONED[name]
    path, mine, theirs, my_form, their_form = both_open(name, scene, editors)
    assert post(theirs, path, their_form.filled(**{edit.field: edit.theirs}, **edit.rest)).status_code == 302
    assert post(mine, path, my_form.filled(**{edit.field: edit.theirs}, **edit.rest)).status_code == 302
    assert stored(mine, path)[edit.field] == edit.theirs


def test_a_form_with_an_error_keeps_what_it_held_at_first(scene, editors):
    mine, theirs = editors
    path = address("people:person-edit", scene)
    my_form, their_form = (form_with(client.get(path), "seen") for client in editors)
    page = post(mine, path, my_form.filled(address="Terrasserne 8", phones="12"))
    assert list(page.context["form"].errors) == ["phones"]
    post(theirs, path, their_form.filled(address="Ruten 14"))
    again = form_with(page, "seen").filled(phones="20304050")
    assert post(mine, path, again).status_code == 409
