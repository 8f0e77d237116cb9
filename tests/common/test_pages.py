"""The frame around every page, the page of components, and the error pages."""

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from common.toasts import show_toast
from common.views import components
from mentornet import views


def test_components_are_shown_in_the_demo_only(client_of, coordinator, settings, rf):
    response = client_of(coordinator).get(reverse("common:components"))
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"end", "reason"}
    settings.DEMO = False
    with pytest.raises(Http404):
        components(rf.get("/"))


def test_not_found_links_to_other_pages(client_of, coordinator, programme):
    response = client_of(coordinator).get("/findes-ikke/")
    assert response.status_code == 404
    assert "Gå til forsiden" in response.content.decode()


def test_forbidden_names_who_can_help(client_of, manager, programme):
    response = client_of(manager).get(reverse("desk:task-counts"))
    assert response.status_code == 403
    assert "Din rolle giver ikke adgang til denne side" in response.content.decode()


def test_expired_form_explains_that_nothing_was_saved(client_of, coordinator, programme, rf):
    client = client_of(coordinator)
    client.handler.enforce_csrf_checks = True
    response = client.post(reverse("set_language"), {"language": "en"})
    assert response.status_code == 403
    assert "Intet er gemt." in response.content.decode()


@pytest.mark.django_db
def test_error_page_needs_no_query(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = views.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Fejlen er vores, ikke din." in response.content.decode()


def test_frame_marks_the_section_and_hides_forbidden_ones(client_of, manager, programme):
    text = client_of(manager).get("/").content.decode()
    assert text.count('aria-current="page"') == 2  # top bar and tab bar
    assert "Find sagsnummer" in text
    assert "Personer</a>" not in text
    assert "Demo med opdigtede personer." in text


@pytest.mark.parametrize(
    ("level", "toasts", "notes"), [(constants.SUCCESS, 1, 0), (constants.WARNING, 0, 1), (constants.ERROR, 0, 1)]
)
def test_errors_are_notes_and_never_toasts(level, toasts, notes):
    context = {"messages": [Message(level, "Gemt")], "request": RequestFactory().get("/")}
    assert render_to_string("common/_toasts.html", context).count("Gemt") == toasts
    assert render_to_string("common/_messages.html", context).count("Gemt") == notes


def test_toast_has_its_undo(rf):
    request = rf.get("/")
    request.session = {}
    request._messages = SessionStorage(request)
    show_toast(request, "Mødet er registreret.", undo_url="/fortryd/1/")
    text = render_to_string("common/_toasts.html", {"messages": request._messages, "request": request})
    assert '<form method="post" action="/fortryd/1/">' in text


def test_the_language_can_be_english(client_of, coordinator, programme):
    coordinator.language = "en"
    coordinator.save()
    text = client_of(coordinator).get("/").content.decode()
    assert '<html lang="en"' in text
    assert "Follow-ups and appointments" in text
