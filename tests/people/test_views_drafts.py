"""Drafts: what is typed is kept, also in two tabs and after the session has ended."""

import datetime as dt

import pytest
from django.test import Client

from common import clock
from demo.factories import MembershipFactory, TermFactory
from people.models import Draft, Person
from tasks.registry import TASKS
from tasks.services import enqueue_task, run_next
from tests.people.intake import KEY, LANGUAGES, PAGE, TYPING, WHO, held_by, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mette(client_of, coordinator):
    return client_of(coordinator)


@pytest.fixture
def fatma(tingbjerg):
    """The browser of a colleague."""
    browser = Client()
    browser.force_login(MembershipFactory(branch=tingbjerg).user)
    return browser


def typed(name: str) -> list[str]:
    return Draft.objects.get().typed.get(name, [])


def test_a_draft_is_saved_while_it_is_typed_and_shown_again(mette, programme):
    topic = TermFactory()
    words = words_of(programme, topics=topic.pk, min_age="x", birth="31-02-1977", store=None)
    answer = mette.post(PAGE, words, headers=TYPING)
    assert "Senest gemt i dag" in answer.text
    page = mette.get(PAGE)
    form = page.context["form"]
    assert (form["recruited_via"].value(), form["phones"].value(), form["topics"].value(), form["min_age"].value()) == (
        "en ven",
        "57 26 96 17 (aften)",
        [str(topic.pk)],
        "x",
    )
    assert (form["birth"].value(), form["birth"].errors, form["store"].value()) == ("31-02-1977", [], None)
    assert form.open_parts == ["wishes", "consent"]
    assert Person.objects.count() == 0


def test_languages_of_a_draft_are_shown_again(mette, programme):
    somali = TermFactory(kind="language", name="Somali")
    lines = {"languages-TOTAL_FORMS": "4", "languages-3-language": somali.pk, "languages-3-level": "good"}
    mette.post(PAGE, words_of(programme, **lines), headers=TYPING)
    rows = [line.initial for line in mette.get(PAGE).context["form"].languages if line.initial]
    assert rows == [{"language": str(somali.pk), "level": "good", "note": ""}]


def test_a_draft_can_be_saved_by_a_button_and_the_whole_form_be_opened(mette, programme):
    response = mette.post(PAGE, words_of(programme, go="keep"))
    assert response.url == PAGE
    assert "Kladden er gemt. Du finder den på din side I dag." in mette.get(PAGE).text
    assert mette.post(PAGE, words_of(programme, go="whole")).url == f"{PAGE}?hele=1"
    assert ("go" in Draft.objects.get().typed, Person.objects.count()) == (False, 0)


def test_a_text_with_a_cpr_number_stays_in_the_draft_without_the_number(mette, programme):
    wish = "Vil gerne træne dansk.\x00 Cpr 0305\u200b77-1234, siger hun."
    assert mette.post(PAGE, words_of(programme, wish=wish, go="keep")).status_code == 302
    assert typed("wish") == ["Vil gerne træne dansk. Cpr …, siger hun."]


def test_the_draft_is_kept_and_can_be_deleted(mette, programme):
    page = mette.get(PAGE, {"rolle": "mentor"})
    assert f'action="{PAGE}?rolle=mentor"' in page.text
    assert page.context["form"]["role"].value() == "mentor"
    mette.post(f"{PAGE}?rolle=mentor", WHO, headers=TYPING)
    assert Draft.objects.get().wanted_role == "mentor"
    assert mette.post(f"{PAGE}slet/").url == "/personer/"
    assert mette.get(PAGE).context["form"]["first_name"].value() is None
    assert Draft.objects.count() == 0


def test_addresses_of_the_former_steps_lead_to_the_page(mette, fatma, programme):
    mette.post(PAGE, WHO, headers=TYPING)
    for step in ("hvem", "rolle", "oensker", "samtykke"):
        assert mette.get(f"{PAGE}{step}/").url == PAGE
        assert fatma.get(f"{PAGE}{step}/").status_code == 404
    assert mette.get(f"{PAGE}nonsense/").status_code == 404


def test_a_draft_survives_signing_out(mette, coordinator, client, programme):
    mette.post(PAGE, words_of(programme), headers=TYPING)
    mette.post("/konto/logout/")
    assert mette.get(PAGE).url.startswith("/konto/login/")
    client.force_login(coordinator)
    assert client.get(PAGE).context["form"]["first_name"].value() == "Hodan"
    page = client.get("/personer/ny/", follow=True)
    assert [draft.name for draft in page.context["other_drafts"]] == ["Hodan Warsame"]
    assert f'<a href="{PAGE}">Hodan Warsame</a>' in page.text
    assert "efter 30 dage" in page.text


def test_a_draft_is_seen_by_its_user_only(mette, fatma, programme):
    mette.post(PAGE, words_of(programme), headers=TYPING)
    assert fatma.get(PAGE).status_code == 404
    assert fatma.post(PAGE, WHO).status_code == 404
    assert fatma.post(f"{PAGE}slet/").status_code == 404
    assert fatma.get("/personer/ny/", follow=True).context["other_drafts"] == []
    assert Draft.objects.get().name == "Hodan Warsame"


def test_nothing_typed_is_in_the_session(mette, programme):
    before = dict(mette.session)
    mette.post(PAGE, words_of(programme), headers=TYPING)
    assert dict(mette.session) == before


def test_drafts_are_deleted_after_30_days_without_a_change(coordinator, tingbjerg):
    now = clock.now()
    for days in (29, 31):
        changed = now - dt.timedelta(days=days)
        Draft.objects.create(branch=tingbjerg, created_by=coordinator, changed_at=changed)
    task = enqueue_task("delete_old_drafts")
    assert run_next()
    task.refresh_from_db()
    assert TASKS["delete_old_drafts"].result_words(task.result) == "Slettet: kladder 1."
    assert Draft.objects.get().changed_at == now - dt.timedelta(days=29)


# --- one draft in two tabs --------------------------------------------------------------------------


@pytest.fixture
def tabs(mette, programme):
    """Two tabs with one draft, which has a name and a phone: the hidden fields of each."""
    mette.post(PAGE, words_of(programme, store=None), headers=TYPING)
    return [held_by(mette.get(PAGE)) for _number in range(2)]


def test_a_page_that_is_typed_in_again_and_again_asks_nothing(mette, tabs, programme):
    for phones in ("57", "57 26", "57 26 96 17"):
        answer = mette.post(PAGE, words_of(programme, phones=phones, **tabs[0]), headers=TYPING)
        assert (answer.context["others"], answer.headers.get("X-Unsaved")) == ([], None)
    assert typed("phones") == ["57 26 96 17"]
    assert mette.post(PAGE, words_of(programme, **tabs[0])).status_code == 302


def test_words_of_two_tabs_are_merged(mette, tabs, programme):
    one, other = tabs
    mette.post(PAGE, words_of(programme, wish="Et job", store=None, **one), headers=TYPING)
    answer = mette.post(PAGE, words_of(programme, town="Brønshøj", store=None, **other), headers=TYPING)
    assert [line.name for line in answer.context["others"]] == ["wish"]
    assert "Kladden er ændret i en anden fane." in answer.text
    assert answer.headers["X-Unsaved"] == "true"
    assert (typed("wish"), typed("town")) == (["Et job"], ["Brønshøj"])
    page = mette.post(PAGE, words_of(programme, town="Brønshøj", **other | held_by(answer)))
    assert "Med egne ord: »Et job« er taget med fra den anden fane" in page.text
    assert (page.context["form"]["wish"].value(), Person.objects.count()) == ("Et job", 0)
    mette.post(PAGE, words_of(programme, town="Brønshøj", wish="Et job", **held_by(page)))
    assert (Person.objects.get().town, Person.objects.get().enrolments.get().wish) == ("Brønshøj", "Et job")


def test_what_both_tabs_changed_is_asked_about(mette, tabs, programme):
    one, other = tabs
    mette.post(PAGE, words_of(programme, phones="20 30 40 50", **one), headers=TYPING)
    words = words_of(programme, phones="60 70 80 90", **other)
    answer = mette.post(PAGE, words, headers=TYPING)
    assert ([line.name for line in answer.context["others"]], typed("phones")) == (["phones"], ["20 30 40 50"])
    assert "Intet går tabt" in answer.text
    page = mette.post(PAGE, words | held_by(answer))
    assert "Telefon: »20 30 40 50« i den anden fane, »60 70 80 90« her" in page.text
    assert (page.context["form"]["phones"].value(), Person.objects.count()) == ("60 70 80 90", 0)
    assert mette.post(PAGE, words | held_by(page)).status_code == 302
    assert Person.objects.get().phones == ["+4560708090"]


def test_words_typed_after_another_tab_has_finished_are_shown(mette, tabs, programme):
    one, other = tabs
    created = mette.post(PAGE, words_of(programme, **one)).url
    answer = mette.post(PAGE, words_of(programme, wish="Og en ting til", **other), headers=TYPING)
    assert "Dette er gjort færdigt i en anden fane." in answer.text
    assert (created in answer.text, answer.headers["X-Unsaved"], Draft.objects.count()) == (True, "true", 0)
    page = mette.post(PAGE, words_of(programme, wish="Og en ting til", **other))
    assert (page.status_code, page.context["lines"]) == (
        409,
        [("Med egne ord", "Og en ting til"), ("Har sagt ja til, at vi gemmer oplysningerne", "Ja")],
    )
    assert created in page.text
    assert (Person.objects.count(), Draft.objects.count()) == (1, 0)


def test_a_tab_without_new_words_leads_to_the_person(mette, tabs, programme):
    created = mette.post(PAGE, words_of(programme, **tabs[0])).url
    assert mette.post(PAGE, words_of(programme, store=None, **tabs[1])).url == created


def test_a_draft_that_another_tab_deleted_is_kept_again(mette, tabs, programme):
    mette.post(f"{PAGE}slet/")
    mette.post(PAGE, words_of(programme, wish="Et job", **tabs[1]), headers=TYPING)
    assert (str(Draft.objects.get().key), typed("wish"), typed("first_name")) == (KEY, ["Et job"], ["Hodan"])


def test_the_first_words_of_two_new_tabs_are_merged(mette, programme):
    tabs = [held_by(mette.get(PAGE)) for _number in range(2)]
    mette.post(PAGE, LANGUAGES | {"first_name": "Hodan", "gender": "woman"} | tabs[0], headers=TYPING)
    mette.post(PAGE, LANGUAGES | {"last_name": "Warsame", "gender": "unknown"} | tabs[1], headers=TYPING)
    assert (Draft.objects.get().name, typed("gender")) == ("Hodan Warsame", ["woman"])
