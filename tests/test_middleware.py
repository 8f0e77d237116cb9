"""Middleware of the whole product."""

import gzip
import io

import pytest
from django.core.cache import cache
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from mentornet.middleware import CompressedPageMiddleware, PrivateResponseMiddleware

WORDS = b"Ingen opf\xc3\xb8lgning mangler. " * 50


def answer(response):
    request = RequestFactory().get("/", HTTP_ACCEPT_ENCODING="gzip, br")
    return CompressedPageMiddleware(lambda request: response)(request)


@pytest.mark.django_db
def test_pages_are_compressed(client):
    plain, packed = (client.get("/konto/login/", headers={"Accept-Encoding": words}) for words in ("", "gzip"))
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert b"</html>" in gzip.decompress(packed.content)


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(WORDS, content_type="text/csv"),
        HttpResponse(WORDS, headers={"Content-Disposition": "attachment; filename=rapport.html"}),
        StreamingHttpResponse([WORDS]),
    ],
)
def test_downloads_are_as_they_were(response):
    sent = answer(response)
    assert "Content-Encoding" not in sent.headers
    assert b"".join(sent) == WORDS


def test_files_keep_their_length():
    sent = answer(FileResponse(io.BytesIO(WORDS), as_attachment=True, filename="liste.xlsx"))
    assert sent.headers["Content-Length"] == str(len(WORDS))
    assert b"".join(sent) == WORDS


@pytest.fixture
def real(settings):
    settings.DEMO = False
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.fixture
def tls(settings):
    """As outside the demo: plain requests are redirected, before anything else looks at the Host header."""
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.django_db
@pytest.mark.usefixtures("real")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/findes-ikke/", 404),
        ("/match/", 302),
        ("/konto/login/", 200),
        ("/konto/adgangskode/glemt/", 200),
        ("/support/", 302),
        ("/support/login/", 302),
        ("/support/login/?next=/support/", 302),
        ("/komponenter/", 302),
    ],
)
def test_no_page_of_signed_out_users_is_stored(client, path, status):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store, private")


@pytest.mark.django_db
@pytest.mark.usefixtures("real")
def test_no_error_of_signed_out_users_is_stored(settings, monkeypatch):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    expired = client.post("/konto/login/", {"login": "mette@example.net"})
    foreign = client.get("/konto/login/", headers={"host": "evil.example"})
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    large = client.post("/konto/login/", {"a": 1, "b": 2})
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
    monkeypatch.setattr("accounts.forms.SignInForm.__init__", lambda *arguments, **options: 1 / 0)
    broken = client.get("/konto/login/")
    errors = [expired, foreign, large, broken]
    assert [answer.status_code for answer in errors] == [403, 400, 400, 500]
    assert {answer.headers["Cache-Control"] for answer in errors} == {"no-store, private"}
    assert {answer.headers["X-Frame-Options"] for answer in errors} == {"DENY"}


@pytest.mark.usefixtures("real", "tls")
def test_error_before_the_redirect_to_tls_is_not_stored(client):
    forged = client.get("/konto/login/", headers={"host": "evil.example"})
    assert forged.status_code == 400
    assert forged.headers["Cache-Control"] == "no-store, private"
    assert forged.headers["X-Frame-Options"] == "DENY"
    assert "script-src 'self'" in forged.headers["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.usefixtures("real")
def test_page_about_too_many_requests(client):
    cache.clear()
    answers = [client.post("/konto/adgangskode/glemt/", {"email": f"{n}@example.net"}) for n in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert "Vent et minut, og prøv igen." in answers[-1].content.decode()
    assert answers[-1].headers["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/administration/konto/", "/findes-ikke/", "/match/999999/"])
def test_no_page_of_signed_in_users_is_stored(client_of, coordinator, path):
    assert client_of(coordinator).get(path).headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("set_by_answer", "sent"),
    [
        ("max-age=315360000, public, immutable", "max-age=315360000, public, immutable"),  # WhiteNoise
        ("max-age=0, no-cache, no-store, must-revalidate, private", "no-store, private"),
        ("max-age=600", "no-store, private"),
    ],
)
def test_static_files_are_stored_and_nothing_else(set_by_answer, sent):
    middleware = PrivateResponseMiddleware(lambda request: HttpResponse(headers={"Cache-Control": set_by_answer}))
    assert middleware(RequestFactory().get("/")).headers["Cache-Control"] == sent
