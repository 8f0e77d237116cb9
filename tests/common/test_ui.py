"""Template tags for the small parts of pages."""

import ast
import re
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.test import RequestFactory
from django.utils import translation

from accounts.sections import SECTIONS
from common.templatetags import ui
from matching.enums import MatchStatus
from reporting.enums import TargetState


@pytest.fixture(autouse=True)
def _in_danish():
    with translation.override("da"):
        yield


def attributes(svg, name):
    return re.findall(rf'\b{name}="([^"]*)"', svg)


def test_icon_is_hidden_from_screen_readers_unless_named():
    assert 'aria-hidden="true"' in ui.icon("telephone")
    named = ui.icon("telephone", size=14, label="Ring & tal")
    assert attributes(named, "aria-label") == ["Ring &amp; tal"]
    assert attributes(named, "width") == ["14"]
    assert "aria-hidden" not in named


def used_icons() -> set[str]:
    """Return the names of icons in templates, in ``icon=…`` and ``"icon": …``, and in the tables of icons."""
    names = {state.icon for state in ui.STATES.values()} | {section.icon for section in SECTIONS}
    for file in (settings.BASE_DIR / "templates").rglob("*.html"):
        names |= set(re.findall(r'(?:{% icon |\bsign=|\bicon=)"([^"]+)"', file.read_text(encoding="utf-8")))
    for app in (app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR):
        for file in Path(app.path).rglob("*.py"):
            names |= set(icon_strings(ast.parse(file.read_text(encoding="utf-8"))))
    return names - {"rings"}


def icon_strings(tree: ast.Module):
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="icon", value=value):
                yield from strings(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name.endswith("ICONS"):
                yield from strings(value)
            case ast.AnnAssign(target=ast.Name(id="icon"), value=ast.expr() as value):
                yield from strings(value)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "icon":
                        yield from strings(value)


def strings(tree: ast.expr):
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_icons_of_the_product_are_those_in_use():
    assert used_icons() == {file.stem for file in ui.ICON_FOLDER.glob("*.svg")}


def test_icon_rings_is_the_ring_of_an_active_match():
    assert attributes(ui.icon("rings", size=16), "viewBox") == ["0 0 24 16"]


@pytest.mark.parametrize("status", MatchStatus.values)
def test_every_match_status_has_rings_and_a_colour(status):
    assert "<circle" in ui.ring(status)
    assert "Ord" in ui.match_badge(status, "Ord")


@pytest.mark.parametrize("state", TargetState.values)
def test_every_target_state_has_a_badge(state):
    assert "<svg" in ui.badge(state)


def test_badge_has_icon_and_word_and_escapes():
    assert 'class="st st-bad"' in ui.badge("overdue", "9 dage over")
    assert ui.badge("overdue", "<b>").endswith("&lt;b&gt;</span>")
    assert 'class="st st-ok bare pull"' in ui.badge("done", bare=True, cls="pull")


def test_strength_fills_the_bars_of_its_level():
    assert [ui.strength(level).count('"on"') for level in ("strong", "good", "possible")] == [3, 2, 1]


def test_bullet_ends_at_the_top_of_the_range_and_has_no_style():
    bar = ui.bullet(30, 30, 21, 33, 60)
    assert attributes(bar, "style") == []
    assert 'class="track" x="0.5" y="1.5" width="50.00%"' in bar
    assert attributes(bar, "aria-label") == ["30 af 30, plan i dag 21, forventet 33–60"]


def test_bullet_shows_a_dot_for_a_forecast_without_range():
    assert "<circle" in ui.bullet(3, 5, 3, 5, 5)
    assert "<circle" not in ui.bullet(3, 5, 3, 4, 5)
    assert "whisker" not in ui.bullet(3, 5)


@pytest.mark.parametrize(("plan", "anchor"), [(0, "start"), (18, "middle"), (25, "end")])
def test_pace_bar_aligns_the_label_of_the_plan_inside(plan, anchor):
    assert attributes(ui.pace_bar(12, 25, plan), "text-anchor") == [anchor]


def test_pace_bar_without_plan_and_meter_without_total():
    assert "<text" not in ui.pace_bar(30, 25)
    assert attributes(ui.meter(0, 0), "aria-label") == ["0 af 0"]


def test_span_of_equal_numbers_is_one_number():
    assert (ui.span(20.6, 27.2), ui.span(5, 5.2)) == ("21–27", "5")


def test_page_query_keeps_the_rest_of_the_address():
    request = RequestFactory().get("/", {"soeg": "ågård", "side": "1"})
    assert ui.page_query({"request": request}, "side", 2) == "?soeg=%C3%A5g%C3%A5rd&side=2"


def test_page_numbers_have_gaps():
    page = Paginator(range(100), 10).page(5)
    assert ui.page_numbers(page) == [1, None, 4, 5, 6, None, 10]


def test_undo_url_is_read_from_the_toast():
    assert ui.undo_url(Message(constants.SUCCESS, "Gemt", extra_tags="undo:/fortryd/3/")) == "/fortryd/3/"
    assert ui.undo_url(Message(constants.SUCCESS, "Gemt")) == ""


class SegmentForm(forms.Form):
    short = forms.ChoiceField(choices=[("a", "Godt"), ("b", "Svært")], widget=forms.RadioSelect)
    wordy = forms.ChoiceField(choices=[("a", "Et svar, der er langt som en sætning")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    text = forms.CharField()


def test_two_to_four_short_choices_become_segments():
    form = SegmentForm()
    assert [ui.is_segmented(form[name]) for name in form.fields] == [True, False, False, False]
    assert [ui.is_choice_group(form[name]) for name in form.fields] == [True, True, True, False]


def test_fields_with_errors_are_in_the_form_s_order():
    form = SegmentForm({"short": "a"})
    assert [field.name for field in ui.fields_with_errors(form)] == ["wordy", "many", "text"]
