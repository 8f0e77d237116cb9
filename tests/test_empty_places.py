"""Every list of an empty branch says how it fills, and one that a filter emptied has a way out."""

import re

import pytest
from django.urls import NoReverseMatch, reverse

from accounts.roles import VERBS_OF_ROLE
from common.lists import SEARCH_KEY
from tests.access_table import ACCESS

MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
PLACE = re.compile(r'<(div|p|li) class="empty(?:-line)?[ "].*?</\1>\s*(?:</div>)?', re.DOTALL)
OTHER_PAGES = {"desk:today", "matching:desk", "matching:hand-over", "matching:written-names", "events:calendar"}
ROLES = ["coordinator", "administrator", "manager"]
NOT_EMPTY = {("manager", "desk:today")}  # figures, which may be 0


def lists_for(role: str) -> list[str]:
    """Return the lists without arguments that a role may open."""
    names = {name for name in ACCESS if name.endswith("-list")} | OTHER_PAGES
    found = []
    for name in sorted(names):
        rule = ACCESS[name]
        if rule.rows or rule.verb not in VERBS_OF_ROLE[role] or (role, name) in NOT_EMPTY:
            continue
        try:
            reverse(name)
        except NoReverseMatch:
            continue
        found.append(name)
    return found


def places_of(response) -> list[str]:
    main = MAIN.search(response.content.decode())
    return [found.group(0) for found in PLACE.finditer(main.group(0) if main else "")]


def says_how_it_fills(place: str) -> bool:
    """Whether an empty place has an act, or more than the one sentence that it is empty."""
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<h2>.*?</h2>", "Overskrift. ", place, flags=re.DOTALL))
    return "<a " in place or "<button" in place or len(re.findall(r"[.!?]\s", f"{words.strip()} ")) > 1


@pytest.mark.parametrize("has_programme", [False, True])
@pytest.mark.parametrize("role", ROLES)
def test_every_list_of_an_empty_branch_says_how_it_fills(request, client_of, role, has_programme):
    client = client_of(request.getfixturevalue(role))
    if has_programme:
        request.getfixturevalue("programme")
    silent = {}
    for name in lists_for(role):
        response = client.get(reverse(name) + ACCESS[name].query)
        assert response.status_code == 200, name
        places = places_of(response)
        if not places and "<table" not in response.text:
            silent[name] = "no empty place"
        for place in places:
            if not says_how_it_fills(place):
                silent[name] = " ".join(re.sub(r"<[^>]+>", " ", place).split())
    assert silent == {}


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_words_that_match_nothing_can_be_reset(request, client_of, programme, role):
    client = client_of(request.getfixturevalue(role))
    searched, without = [], []
    for name in lists_for(role):
        text = MAIN.search(client.get(reverse(name)).text)
        if not text or f'name="{SEARCH_KEY}"' not in text.group(0):
            continue
        searched.append(name)
        places = places_of(client.get(reverse(name), {SEARCH_KEY: "findes ikke"}))
        if not any(f'href="{reverse(name)}"' in place for place in places):
            without.append(name)
    assert searched
    assert without == []


def test_a_place_without_a_way_is_found():
    assert not says_how_it_fills('<p class="empty-line">Her er intet.</p>')
    assert says_how_it_fills('<p class="empty-line">Her er intet. Det kommer, når et match starter.</p>')
    assert says_how_it_fills('<div class="empty"><h2>Intet her</h2><p>Det kommer.</p></div>')
