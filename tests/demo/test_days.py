"""The demo shows the days of the demo everywhere: no page and no file names the machine's year."""

import datetime as dt
import io
import re
import zipfile
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.apps import apps
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts.models import User
from common import clock
from common.models import RecordedTimeField
from demo.builders.staff import email_of
from demo.services import load_demo
from people import services
from people.models import Person
from programmes.models import Programme
from reporting.services.status_reports import create_report
from tasks.services import enqueue_task, run_next
from tests.imports.samples import stage_list

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
YEAR = timezone.localdate().year
SHOWN_YEAR = re.compile(rf"(?<![\w-]){YEAR}(?!\w)|\d[-./]{YEAR}(?!\d)|(?<!\d){YEAR}-\d\d-\d\d")
SHOWN_ATTRIBUTES = {"value", "title", "placeholder", "aria-label", "datetime"}
SAME_PAGE = 3  # addresses of each path name to look at, each with another query


class Shown(HTMLParser):
    """The texts and links of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.texts, self.links, self._hidden = [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self._hidden += tag in ("script", "style")
        is_token = names.get("name") in ("csrfmiddlewaretoken", "once")
        self.texts += [value or "" for name, value in attrs if name in SHOWN_ATTRIBUTES and not is_token]
        self.links += [names[name] for name in ("href", "hx-get") if names.get(name)]

    def handle_endtag(self, tag):
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self._hidden:
            self.texts.append(data)


def content_of(response) -> str:
    """Return the text of a page or of a file, with the properties of a document."""
    content = b"".join(response) if response.streaming else response.content
    if not content.startswith(b"PK"):
        return content.decode(errors="replace") if not content.startswith(b"%PDF") else ""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = [name for name in file.namelist() if name.endswith((".xml", ".csv", ".json", ".txt"))]
        return " ".join(file.read(name).decode() for name in names)


def kind_of(address: str) -> tuple | None:
    """Return the path name of a page and the keys of its query; None outside the product."""
    parts = urlsplit(address)
    if parts.netloc:
        return None
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    if found.url_name in ("account_logout", "set_language") or "admin" in found.namespaces:
        return None
    return found.view_name, frozenset(parse_qs(parts.query))


def walk(client, *addresses: str) -> tuple[set[str], dict[str, list[str]]]:
    """Follow the links from the addresses. Return the path names seen, and the places that show the year."""
    waiting, kinds, shown = list(addresses), set(), {}
    starts = len(waiting)
    for number, address in enumerate(waiting):  # links are added to the end
        kind = kind_of(address)
        is_enough = kind in kinds or sum(name == kind[0] for name, _keys in kinds) >= SAME_PAGE if kind else True
        if is_enough and number >= starts:
            continue
        kinds.add(kind)
        response = client.get(address, follow=True)
        text = content_of(response)
        if response.headers["Content-Type"].startswith("text/html"):
            page = Shown(text)
            base = response.request["PATH_INFO"]
            waiting += [urljoin(base, link.split("#")[0]) for link in page.links if not link.startswith("#")]
            text = "\n".join(page.texts)
        name = response.headers.get("Content-Disposition", "")
        if found := [text[max(0, hit.start() - 60) : hit.end() + 20] for hit in SHOWN_YEAR.finditer(f"{name}\n{text}")]:
            shown[address] = found[:3]
    return {name for name, _keys in kinds}, shown


def test_recorded_times_are_from_the_clock():
    """What has the machine's time is not shown as it is: tasks by ``machine_time``, the others not at all."""
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    machine = [
        str(field)
        for field in fields
        if (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))
        and field.model.__module__.split(".")[0] not in ("allauth", "django")
        and not isinstance(field, RecordedTimeField)
    ]
    assert machine == ["common.SubmittedForm.submitted_at", "common.KeptPost.kept_at", "tasks.Task.created_at"]


@pytest.fixture
def used_demo(db):
    """The demo after a few acts, each of which stores the time."""
    load_demo(size=0.01)
    programme = Programme.objects.get(slug="tingbjerg-2010")
    user = User.objects.get(email=email_of("administrator", "tingbjerg"))
    person = Person.objects.get(first_name="Hodan", last_name="Warsame")
    services.update_person(person, by=user, town="Brønshøj")
    new = services.create_person(by=user, branch=programme.branch, first_name="Ny", last_name="Person")
    stage_list("Navn|E-mail", "Bo Dam|b@d.dk", programme=programme, by=user)
    create_report(programme, by=user, start=dt.date(2011, 1, 1), end=dt.date(2011, 9, 15))
    for name in ("delete_old_drafts", "update_statistics"):
        enqueue_task(name, branch=programme.branch, by=user)
    assert run_next()
    return ["/", *(f"/personer/{one.pk}/" for one in (person, new)), "/soeg/?soeg=T-2011-033"]


def test_the_walk_finds_a_year(client, used_demo, monkeypatch):
    """Without the clock of the demo, the times of people, users and tasks show the machine's year."""
    now = timezone.now()
    monkeypatch.setattr("common.clock.as_shown", lambda instant: instant)
    Person.objects.filter(first_name="Ny").update(created_at=now)
    user = User.objects.get(email=email_of("administrator", "tingbjerg"))
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(last_login=now)
    _kinds, shown = walk(client, "/administration/", used_demo[2])
    assert {used_demo[2], "/administration/brugere/", "/administration/opgaver/"} <= shown.keys()


@pytest.mark.parametrize("word", ["administrator", "koordinator", "leder"])
def test_no_page_of_the_demo_shows_the_machines_year(client, used_demo, word):
    assert clock.today().year == 2011 != YEAR
    client.force_login(User.objects.get(email=email_of(word, "tingbjerg")))
    kinds, shown = walk(client, *used_demo)
    assert shown == {}
    assert len(kinds) > {"administrator": 60, "koordinator": 50, "leder": 20}[word]
