"""From *I dag* every list that a role may see is two links away: a section and a segment."""

import re
from pathlib import Path

import pytest
from django.urls import resolve, reverse
from django.utils.translation import override

from accounts.roles import VERBS_OF_ROLE
from accounts.sections import SECTIONS
from tests.access_table import ACCESS

pytestmark = pytest.mark.django_db

FRAME_LINK = re.compile(r'<a href="(/[^"]*)"')
FRAME = re.compile(r'<(?:ul class="sections"|nav class="segments").*?</(?:ul|nav)>', re.DOTALL)
# Lists whose names do not end in ``-list``.
OTHER_LISTS = {
    "matching:desk",
    "matching:written-names",
    "events:calendar",
    "accounts:administration",
    "accounts:access-log",
    "transfer:branch-file",
}
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "user"
WAY = re.compile(r"\*([A-ZÆØÅ][a-zæøå ]+)\* · \*\*([^*]+)\*\*")


def lists_of(role: str) -> set[str]:
    """Return the lists of the access table that a role may see."""
    names = {name for name, rule in ACCESS.items() if name.endswith("-list") and not rule.rows} | OTHER_LISTS
    return {name for name in names if ACCESS[name].verb in VERBS_OF_ROLE[role]}


def frame_links(client, address: str) -> list[str]:
    """Return the links of sections and segments of a page."""
    text = client.get(address).content.decode()
    return [link for part in FRAME.findall(text) for link in FRAME_LINK.findall(part)]


def names_within_two_clicks(client) -> set[str]:
    first = frame_links(client, "/")
    second = [link for address in first for link in frame_links(client, address)]
    return {resolve(link.partition("?")[0]).view_name for link in [*first, *second]}


@pytest.mark.parametrize("role", ["coordinator", "administrator", "manager"])
def test_every_list_of_a_role_is_within_two_clicks_of_the_front_page(client_of, request, role):
    client = client_of(request.getfixturevalue(role))
    missing = lists_of(role) - names_within_two_clicks(client)
    assert missing == set()


@pytest.mark.parametrize("role", ["coordinator", "manager"])
def test_no_link_of_the_frame_is_refused(client_of, request, role):
    client = client_of(request.getfixturevalue(role))
    links = {link for address in frame_links(client, "/") for link in [address, *frame_links(client, address)]}
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/match/", "Find mentor"),
        ("/match/liste/", "Alle match"),
        ("/match/liste/?status=forslag", "Forslag"),
        ("/match/liste/?soeg=Amina&status=forslag", "Forslag"),
        ("/match/liste/?status=forslaget", "Alle match"),
        ("/match/opmaerksomhed/", "Kræver opmærksomhed"),
        ("/personer/", "Alle personer"),
        ("/personer/import/", "Import"),
    ],
)
def test_one_segment_is_the_current_one(client_of, administrator, address, label):
    text = client_of(administrator).get(address).content.decode()
    segments = next(part for part in FRAME.findall(text) if 'class="segments"' in part)
    marked = re.findall(r'aria-current="page">([^<]+)', segments)
    assert [words.strip() for words in marked] == [label]


def test_a_page_below_a_list_has_its_section_and_no_segments(client_of, administrator):
    text = client_of(administrator).get(reverse("imports:import-create")).content.decode()
    parts = FRAME.findall(text)
    assert len(parts) == 1
    assert re.findall(r'aria-current="page">([^<]+)', parts[0]) == ["Administration"]


def test_lists_of_the_current_branch_follow_the_role_in_it(client_of, administrator, koebenhavn):
    administrator.memberships.create(branch=koebenhavn, role="coordinator", accepted_at="2011-01-01T12:00Z")
    client = client_of(administrator)
    client.post(reverse("accounts:choose_branch"), {"branch": koebenhavn.pk})
    links = frame_links(client, reverse("accounts:administration"))
    assert reverse("accounts:access-log") in links
    assert reverse("transfer:branch-file") not in links


def test_ways_of_the_guide_are_sections_and_their_segments():
    with override("da"):
        labels = {str(section.label): {str(one.label) for one in section.segments} for section in SECTIONS}
    ways = [way for page in GUIDE.glob("*.md") for way in WAY.findall(" ".join(page.read_text().split()))]
    assert len(ways) >= 15
    assert [way for way in sorted(set(ways)) if way[1] not in labels.get(way[0], set())] == []
