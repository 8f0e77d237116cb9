"""What is typed is there after signing in: every address, with an ended session and with a token of another sign-in."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import ACTIVE_BRANCH_KEY, SEEN_AT, SIGNED_IN_AT
from common.kept_posts import CHOICES, POSTS_OF_A_USER, SALT, SECRETS, SIGN_INS_OF_A_BROWSER
from common.models import KeptPost
from demo.factories import MembershipFactory, PersonFactory
from tests.access_table import ACCESS, PUBLIC, SUPPORT, Fixed
from tests.accounts.conftest import LOGIN, NOW, PASSWORD, SECRET, code_at

pytestmark = pytest.mark.django_db
PAGE, KEPT, CODE, TOKEN = "/administration/konto/", "/konto/skrevet/", "/konto/kode/", "csrfmiddlewaretoken"
SESSION = "/konto/session/"
WORDS = 'Har gjort rent i seks år.\nVil gerne noget »andet« & "mere" <b>.'
DATA = {"note": [WORDS], "topics": ["danish", "job"], "once": ["c0ffee"]}
TYPED = [name for name in ACCESS if not name.startswith(SECRETS) and name not in CHOICES]


class SecureClient(Client):
    """A browser on a real network."""

    def generic(self, *arguments, secure=True, **options):
        return super().generic(*arguments, secure=True, **options)


class Forms(HTMLParser):
    """The forms of a page: action and the values of their hidden fields."""

    def __init__(self, page: str):
        super().__init__()
        self.forms = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.forms.append((values.get("action"), {}))
        if tag == "input" and values.get("type") == "hidden" and self.forms:
            self.forms[-1][1].setdefault(values["name"], []).append(values["value"])


class Browser:
    """A browser in which a user has an open page. It sends the page's token, which the server checks."""

    half_minute = NOW

    def __init__(self, user, app_clock, client: Client):
        self.app_clock, self.client = app_clock, client
        self.sign_in(user)
        self.token = self.token_of(PAGE)

    def token_of(self, path: str) -> str:
        return re.search(rf'name="{TOKEN}" value="(\w+)"', self.client.get(path).content.decode())[1]

    def send(self, path: str, data: dict):
        return self.client.post(path, {**data, TOKEN: self.token_of(LOGIN if "login" in data else path)})

    def sign_in(self, user, path: str = LOGIN):
        """Type the password, and the code where it is asked for; return where this leads."""
        fields = dict(Forms(self.client.get(path, follow=True).content.decode()).forms)[LOGIN]
        answer = self.client.post(LOGIN, {**fields, "login": user.email, "password": PASSWORD})
        if answer.status_code == 302 and answer.url == CODE:
            Browser.half_minute += 1  # a code works once
            self.app_clock(self.half_minute)
            answer = self.send(CODE, {"code": code_at(self.half_minute)})
        assert answer.status_code == 302
        return answer.url

    def end_session(self):
        session = self.client.session
        session[SEEN_AT] -= 3700
        session.save()

    def sign_out(self):
        """In another tab."""
        self.client.post("/konto/logout/", {TOKEN: self.token_of(PAGE)})

    def post(self, path: str, data: dict | None = None, **options):
        return self.client.post(path, {**(data or DATA), TOKEN: self.token}, **options)

    def kept(self) -> list[tuple[str, dict]]:
        """Return address and fields of the kept posts, without token and key."""
        forms = Forms(self.client.get(KEPT, follow=True).content.decode()).forms
        kept = [(action, fields) for action, fields in forms if "kept_post" in fields and action != KEPT]
        technical = {TOKEN, "kept_post"}
        return [
            (action, {name: values for name, values in fields.items() if name not in technical})
            for action, fields in kept
        ]


def path_of(name: str) -> str:
    """Return an address with invented arguments: the row is looked for after the user has signed in."""
    arguments = {key: str(row) if isinstance(row, Fixed) else 1 for key, row in ACCESS[name].rows.items()}
    return reverse(name, kwargs=arguments) + ACCESS[name].query


@pytest.fixture(params=["demo", "real"])
def browser(request, settings, mette_with_app, app_clock):
    """Mette's browser, in the demo and on a real network."""
    if request.param == "real":
        settings.DEMO = False
        settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
        settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
        client = SecureClient(enforce_csrf_checks=True, headers={"origin": "https://testserver"})
        return Browser(mette_with_app, app_clock, client)
    return Browser(mette_with_app, app_clock, Client(enforce_csrf_checks=True))


@pytest.fixture
def _many_posts(monkeypatch):
    monkeypatch.setattr("common.kept_posts.POSTS_OF_A_USER", 1000)


def addresses_of(kept: list[tuple[str, dict]]) -> list[str]:
    assert [path for path, fields in kept if fields != DATA] == []
    return sorted(path for path, _fields in kept)


@pytest.mark.one_database
@pytest.mark.usefixtures("_many_posts")
def test_words_of_every_address_are_there_after_the_session_ended(browser, mette_with_app):
    browser.end_session()
    ended = dict(browser.client.session)
    for name in TYPED:
        browser.client.session.flush()
        session = browser.client.session
        session.update(ended)
        session.save()
        browser.client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        assert browser.post(path_of(name)).url == f"{LOGIN}?next={KEPT}", name
    assert browser.sign_in(mette_with_app, f"{LOGIN}?next={KEPT}") == KEPT
    assert addresses_of(browser.kept()) == sorted(map(path_of, TYPED))
    assert len(TYPED) > 130


@pytest.mark.one_database
@pytest.mark.usefixtures("_many_posts")
def test_words_of_every_address_are_there_after_signing_in_in_another_tab(browser, mette_with_app):
    browser.sign_out()
    browser.sign_in(mette_with_app)
    for name in TYPED:
        assert browser.post(path_of(name)).url == KEPT, name
    assert addresses_of(browser.kept()) == sorted(map(path_of, TYPED))


@pytest.mark.one_database
@pytest.mark.usefixtures("_many_posts")
def test_words_of_every_address_are_there_after_signing_out_in_another_tab(browser, mette_with_app):
    names = [name for name in TYPED if ACCESS[name].verb not in {PUBLIC, SUPPORT}]
    browser.sign_out()
    for name in names:
        assert browser.post(path_of(name)).url == f"{LOGIN}?next={KEPT}", name
    assert browser.sign_in(mette_with_app, f"{LOGIN}?next={KEPT}") == KEPT
    assert addresses_of(browser.kept()) == sorted(map(path_of, names))


# --- a kept post -------------------------------------------------------------------------------------


def test_words_are_sent_to_where_they_were_going_and_deleted(browser, mette_with_app, tingbjerg):
    person = PersonFactory(home_branch=tingbjerg, first_name="Amina")
    path = f"/personer/{person.pk}/kontakt/"
    browser.end_session()
    browser.post(path, {"note": WORDS, "on": "15-09-2011", "kind": "phone"})
    browser.sign_in(mette_with_app, f"{LOGIN}?next={KEPT}")
    page = browser.client.get(KEPT).content.decode()
    assert "Har gjort rent i seks år.<br>Vil gerne noget »andet« &amp; &quot;mere&quot; &lt;b&gt;." in page
    (_action, fields), _discard = [form for form in Forms(page).forms if "kept_post" in form[1]]
    answer = browser.client.post(path, fields)
    assert answer.status_code == 302, answer.content.decode()
    assert not KeptPost.objects.exists()
    assert browser.client.get(KEPT).url == "/"


def test_words_are_encrypted_with_a_key_that_only_the_browser_has(browser, mette_with_app):
    browser.end_session()
    browser.post("/personer/1/kontakt/", {"note": "Hemmeligheden"})
    kept = KeptPost.objects.get()
    assert kept.user == mette_with_app
    assert "Hemmelig" not in kept.sealed
    assert "kontakt" not in kept.sealed
    other = Browser(mette_with_app, browser.app_clock, type(browser.client)(headers={"origin": "https://testserver"}))
    assert other.client.get(KEPT).url == "/"


def test_cookie_is_read_by_no_script_and_sent_by_no_other_site(browser):
    (name,) = [name for name in browser.client.cookies if name.endswith("pages")]
    attributes = {key: value for key, value in browser.client.cookies[name].items() if value and key != "expires"}
    is_real = settings.SESSION_COOKIE_SECURE
    assert name == ("__Host-pages" if is_real else "pages")
    wanted = {"httponly": True, "samesite": "Lax", "path": "/", "max-age": 60 * 60 * 24 * 7}
    assert attributes == wanted | ({"secure": True} if is_real else {})


def test_another_user_never_sees_the_words(browser, mette_with_app, other_branch_coordinator):
    other_branch_coordinator.set_password(PASSWORD)
    other_branch_coordinator.save()
    TOTP.activate(other_branch_coordinator, SECRET)
    browser.end_session()
    browser.post("/personer/1/kontakt/", {"note": WORDS})
    assert browser.sign_in(other_branch_coordinator, f"{LOGIN}?next={KEPT}") == KEPT
    assert browser.client.get(KEPT).url == "/"
    key = KeptPost.objects.get().pk
    browser.client.post(KEPT, {"kept_post": key, TOKEN: browser.token_of(PAGE)})
    assert KeptPost.objects.filter(pk=key).exists()
    answer = browser.post("/personer/2/kontakt/", {"note": WORDS})  # Mette's page, while the other one is signed in
    assert answer.status_code == 403
    assert "En anden bruger er logget ind" in answer.content.decode()
    assert set(KeptPost.objects.values_list("user", flat=True)) == {mette_with_app.pk}
    browser.sign_out()
    assert browser.sign_in(mette_with_app) == KEPT
    assert [path for path, _fields in browser.kept()] == ["/personer/2/kontakt/", "/personer/1/kontakt/"]


def test_branch_in_which_the_words_were_typed_is_chosen_again(browser, mette_with_app, koebenhavn):
    MembershipFactory(user=mette_with_app, branch=koebenhavn)
    tingbjerg = mette_with_app.memberships.get(branch__slug="tingbjerg").branch_id
    for branch in (tingbjerg, koebenhavn.pk):
        browser.client.post("/administration/afdeling/", {"branch": branch, TOKEN: browser.token_of(PAGE)})
        browser.client.get(PAGE)
        browser.end_session()
        browser.sign_in(mette_with_app)
        assert browser.client.session[ACTIVE_BRANCH_KEY] == branch


def test_files_passwords_and_choices_of_the_menu_are_not_kept(browser, mette_with_app):
    browser.end_session()
    file = SimpleUploadedFile("mentorer.xlsx", b"PK")
    browser.post("/personer/import/ny/", {"kind": "mentor", "file": file, "new_password": "hemmelig kode"})
    for path in ("/administration/udseende/", "/konto/adgangskode/", "/konto/kode/fjern/", "/findes-ikke/"):
        assert browser.post(path, {"theme": "dark", "oldpassword": PASSWORD}).status_code in {302, 403, 404}
    browser.sign_in(mette_with_app)
    assert browser.kept() == [("/personer/import/ny/", {"kind": ["mentor"]})]
    assert "Filer bliver ikke gemt: vælg mentorer.xlsx igen på siden." in browser.client.get(KEPT).content.decode()


def test_htmx_request_is_led_to_the_words_as_a_whole_page(browser, mette_with_app):
    path, headers = "/personer/1/kontakt/", {"HX-Request": "true", "HX-Current-URL": "http://testserver/personer/1/"}
    browser.end_session()
    answer = browser.post(path, headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"{LOGIN}?next={KEPT}")
    assert answer.headers["X-Kept-Post"] == str(KeptPost.objects.get().pk)
    assert answer.content == b""
    browser.sign_in(mette_with_app)
    answer = browser.post(path, headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, KEPT)


def test_words_are_deleted_when_a_script_sends_them_again(browser, mette_with_app, tingbjerg):
    browser.end_session()
    kept = browser.post("/administration/konto/").headers["X-Kept-Post"]
    browser.sign_in(mette_with_app)
    fields = {"name": "Mette", "phone": "", "language": "da", "theme": "auto", TOKEN: browser.token_of(PAGE)}
    assert browser.client.post(PAGE, fields, headers={"X-Kept-Post": kept}).status_code == 302
    assert not KeptPost.objects.exists()


def test_words_are_deleted_when_a_page_with_an_error_returns_them(browser, mette_with_app, programme):
    mette_with_app.memberships.update(role="administrator")
    path = f"/indsatser/{programme.slug}/rediger/"
    browser.end_session()
    kept = browser.post(path).headers["X-Kept-Post"]
    browser.sign_in(mette_with_app)
    answer = browser.client.post(path, {"name": "", TOKEN: browser.token_of(PAGE)}, headers={"X-Kept-Post": kept})
    assert answer.status_code == 422
    assert not KeptPost.objects.exists()


def test_pages_with_the_words_are_stored_by_no_browser(browser, mette_with_app):
    browser.end_session()
    answers = [browser.post("/personer/1/kontakt/")]
    browser.sign_in(mette_with_app)
    answers += [browser.client.get(KEPT), browser.client.get(SESSION)]
    assert [answer.status_code for answer in answers] == [302, 200, 200]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store, private"}
    assert {"script-src 'self'" in answer.headers["Content-Security-Policy"] for answer in answers} == {True}
    assert {answer.headers["X-Frame-Options"] for answer in answers} == {"DENY"}


@pytest.mark.parametrize("used", ["", "x", "9" * 30])
def test_words_are_kept_while_nothing_names_them(browser, mette_with_app, used):
    browser.end_session()
    browser.post("/administration/konto/")
    browser.sign_in(mette_with_app)
    browser.client.post(KEPT, {"kept_post": used, TOKEN: browser.token_of(PAGE)})
    assert KeptPost.objects.count() == 1


def test_words_are_thrown_away_by_their_user(browser, mette_with_app):
    browser.end_session()
    browser.post("/personer/1/kontakt/")
    browser.sign_in(mette_with_app)
    data = {"kept_post": KeptPost.objects.get().pk, TOKEN: browser.token_of(PAGE)}
    page = browser.client.post(KEPT, data, follow=True).content.decode()
    assert "Det, du havde skrevet, er smidt ud." in page
    assert not KeptPost.objects.exists()


def test_a_user_has_at_most_twenty_kept_posts(browser):
    browser.sign_out()
    for number in range(POSTS_OF_A_USER + 2):
        browser.post(f"/personer/{number}/kontakt/")
    assert KeptPost.objects.count() == POSTS_OF_A_USER


def test_words_are_shown_for_a_day(browser, mette_with_app):
    browser.end_session()
    browser.post("/personer/1/kontakt/")
    browser.sign_in(mette_with_app)
    KeptPost.objects.update(kept_at=timezone.now() - dt.timedelta(hours=23))
    assert browser.client.get(KEPT).status_code == 200
    KeptPost.objects.update(kept_at=timezone.now() - dt.timedelta(hours=25))
    assert browser.client.get(KEPT).url == "/"


def test_a_post_that_no_page_of_the_browser_sent_is_not_kept(browser):
    browser.end_session()
    foreign = type(browser.client)(enforce_csrf_checks=True).get(LOGIN).wsgi_request.META["CSRF_COOKIE"]
    for token in ("", "x", foreign):
        browser.client.post("/personer/1/kontakt/", {**DATA, TOKEN: token})
    assert not KeptPost.objects.exists()


def test_cookie_names_the_last_eight_sign_ins(browser, mette_with_app):
    name = next(name for name in browser.client.cookies if name.endswith("pages"))
    for _again in range(SIGN_INS_OF_A_BROWSER):
        browser.sign_out()
        browser.sign_in(mette_with_app)
    stored = signing.loads(browser.client.cookies[name].value, salt=SALT)
    assert len(stored["pages"]) == SIGN_INS_OF_A_BROWSER
    assert {user for user, _branch in stored["pages"].values()} == {mette_with_app.pk}


# --- the address that a page asks about the session --------------------------------------------------


def test_session_says_whose_it_is_and_when_it_ends(browser, mette_with_app):
    session = browser.client.session
    session[SEEN_AT] -= 3000
    session.save()
    asking = {"HX-Trigger": "progress"}
    first = browser.client.get(SESSION, headers=asking).json()
    assert (first["user"], first["renewable"]) == (mette_with_app.pk, True)
    assert 595 <= first["seconds"] <= 600
    assert browser.client.get(SESSION, headers=asking).json()["seconds"] <= 600  # asking renews nothing
    assert browser.client.post(SESSION, headers={"X-CSRFToken": first["token"]}).json()["seconds"] >= 3595


def test_session_is_not_renewed_past_its_absolute_limit(browser):
    session = browser.client.session
    session[SIGNED_IN_AT] -= 10 * 3600 - 100
    session.save()
    answer = browser.client.post(SESSION, headers={"X-CSRFToken": browser.token}).json()
    assert (answer["renewable"], answer["seconds"] <= 100) == (False, True)


def test_session_that_has_ended_says_so(browser):
    browser.end_session()
    assert browser.client.get(SESSION).json() == {"user": None}
    assert browser.client.post(SESSION, headers={"X-CSRFToken": browser.token}).json() == {"user": None}
    assert not KeptPost.objects.exists()
