"""A file that is too large is refused by its content length before it is received."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common.uploads import OTHER_FIELDS
from imports.models import ImportBatch

CREATE = "/personer/import/ny/"
LARGEST = 10 * 1024 * 1024
SENTENCE = "Filen er større end 10 MB. Del den i flere filer."

pytestmark = pytest.mark.django_db


class Untouched(io.BytesIO):
    """A request body that fails when it is read."""

    def read(self, *args):
        raise AssertionError("the body is read")

    readline = read


@pytest.fixture
def strict(client_of, administrator):
    """The administrator's client with CSRF checks."""
    client = client_of(administrator)
    client.handler.enforce_csrf_checks = True
    return client


def announce(client, length):
    form = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(length)}
    return client.generic("POST", CREATE, **form, **{"wsgi.input": Untouched()})


def test_a_large_upload_is_refused_without_reading_it(strict, programme):
    response = announce(strict, 1024**3)
    form = response.context["form"]
    assert (response.status_code, dict(form.errors)) == (413, {"file": [SENTENCE]})
    assert SENTENCE in response.text
    assert str(form.data["once"]) in response.text
    assert 'name="csrfmiddlewaretoken"' in response.text
    assert ImportBatch.objects.count() == 0


def test_a_large_upload_by_other_users_is_refused_as_usual(client_of, coordinator, programme):
    assert announce(client_of(coordinator), 1024**3).status_code == 403
    response = announce(Client(), 1024**3)
    assert (response.status_code, response.headers.get("Location")) == (302, f"/konto/login/?next={CREATE}")


@pytest.mark.parametrize("length", [LARGEST + OTHER_FIELDS, 10])
def test_the_csrf_token_is_checked_for_every_body_that_is_read(strict, programme, length):
    data = {"programme": programme.pk, "file": SimpleUploadedFile("x.csv", b"Navn;Branche\nBo;It\n")}
    strict.get(CREATE)
    assert strict.post(CREATE, data).status_code == 403
    assert ImportBatch.objects.count() == 0
    with pytest.raises(AssertionError, match="the body is read"):
        announce(strict, length)


def test_a_file_with_its_csrf_token_is_read(strict, programme):
    token = strict.get(CREATE).context["csrf_token"]
    data = {"programme": programme.pk, "once": uuid.uuid4(), "csrfmiddlewaretoken": str(token)}
    response = strict.post(CREATE, data | {"file": SimpleUploadedFile("x.csv", "Navn;Branche\nÅse;It\n".encode())})
    assert response.url == f"/personer/import/{ImportBatch.objects.get().pk}/kolonner/"
