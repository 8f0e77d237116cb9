"""Middleware of the whole product."""

import gzip
import io

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from mentornet.middleware import CompressedPageMiddleware

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
