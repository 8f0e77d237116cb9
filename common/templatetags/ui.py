"""Template tags for the small parts of pages: icons, rings, badges, bars. docs/components.md shows them all."""

import re
from functools import cache
from typing import NamedTuple

from django import template
from django.conf import settings
from django.db.models import Model
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.form_values import SEEN, pack_seen, values_of_forms
from common.templatetags.danish import danish_number

register = template.Library()

# --- icons ---------------------------------------------------------------------------------------


ICON_FOLDER = (
    settings.BASE_DIR / "static/vendor/bootstrap-icons"
)  # only the icons in use; its README says how to add one


@cache
def _icon_paths(name: str) -> str:
    svg = (ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    return re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", svg, flags=re.S).strip()


@register.simple_tag
def icon(name: str, size: int = 16, cls: str = "", label: str = "") -> SafeString:
    """Return a Bootstrap icon by its name, or the product's own ``rings``. Without ``label`` screen readers skip it."""
    if name == "rings":
        return ring("active", size=int(size * 1.5), cls=cls)
    return format_html(
        '<svg class="ic {}" width="{}" height="{}" viewBox="0 0 16 16" fill="currentColor" {}>{}</svg>',
        cls,
        str(size),
        str(size),
        _svg_label(label),
        mark_safe(_icon_paths(name)),
    )


def _svg_label(label: str) -> SafeString:
    if label:
        return format_html('role="img" aria-label="{}"', label)
    return mark_safe('aria-hidden="true" focusable="false"')


# --- two rings, the state of a match ---------------------------------------------------------------


def _circles(left: str, right: str, radius: str, extra: str = "") -> str:
    return "".join(f'<circle cx="{x}" cy="8" r="{radius}" {extra}/>' for x in (left, right))


_LENS = '<path class="lens" fill="currentColor" stroke="none" d="M12 3.71a5.6 5.6 0 0 1 0 8.58 5.6 5.6 0 0 1 0-8.58z"/>'
_CROSSED = _circles("8.4", "15.6", "5.6")
_RINGS = {
    "waiting": '<circle cx="6" cy="8" r="4.8"/><circle cx="18.2" cy="8" r="4.8" stroke-dasharray="1.5 1.85"/>',
    "proposed": _circles("6.5", "17.5", "4.6", 'stroke-dasharray="2.4 1.73"'),
    "introduced": _circles("6.6", "17.4", "4.8"),
    "active": _CROSSED + _LENS,
    "paused": _CROSSED,
    "ended": _circles("5.5", "18.5", "4") + '<path d="m13.3 4.6-2.6 6.8"/>',
}
_RINGS["declined"] = _RINGS["withdrawn"] = _RINGS["ended"]


@register.simple_tag
def ring(state: str, size: int = 24, cls: str = "", label: str = "") -> SafeString:
    """Return the two rings that show the state of a match, ``size`` pixels wide and two thirds as high."""
    return format_html(
        '<svg class="ring {}" width="{}" height="{}" viewBox="0 0 24 16" fill="none" stroke="currentColor" '
        'stroke-width="1.8" {}>{}</svg>',
        cls,
        str(size),
        f"{size * 2 / 3:.0f}",
        _svg_label(label),
        mark_safe(_RINGS[str(state)]),
    )


@register.simple_tag(takes_context=True)
def seen_values(context, *shown) -> SafeString:
    """Return the hidden field with what the forms hold, so that ``common.editing`` finds what another user changed.

    It is empty on a page that edits nothing. A form that is shown again keeps what it held at first.
    """
    request = context["request"]
    if not getattr(request, "keeps_seen", False):
        return SafeString()
    seen = request.POST.get(SEEN, "") if shown[0].is_bound else pack_seen(values_of_forms(shown), clock.now())
    return format_html('<input type="hidden" name="{}" value="{}">', SEEN, seen)


# --- badges ----------------------------------------------------------------------------------------


class State(NamedTuple):
    """Appearance of a state: colour, icon and default word."""

    kind: str
    icon: str
    word: str


STATES = {
    "overdue": State("bad", "exclamation-octagon-fill", gettext_lazy("Overdue")),
    "error": State("bad", "x-octagon-fill", gettext_lazy("Error")),
    "warning": State("warn", "exclamation-triangle-fill", gettext_lazy("Warning")),
    "today": State("info", "clock-fill", gettext_lazy("Today")),
    "soon": State("info", "clock", gettext_lazy("Coming")),
    "done": State("ok", "check-circle-fill", gettext_lazy("Done")),
    "late": State("warn", "exclamation-triangle-fill", gettext_lazy("Done late")),
    "planned": State("idle", "dash-circle", gettext_lazy("Planned")),
    "logged": State("ok", "check-circle-fill", gettext_lazy("Registered")),
    "new": State("ok", "plus-circle", gettext_lazy("New")),
    "duplicate": State("info", "copy", gettext_lazy("Duplicate?")),
    "skipped": State("idle", "dash-circle", gettext_lazy("Skipped")),
    "decided": State("info", "check-circle", gettext_lazy("Decided")),
    "on_pause": State("idle", "pause-circle", gettext_lazy("Paused")),
    "idle": State("idle", "dash-circle", ""),
    "draft": State("idle", "pencil", gettext_lazy("Draft")),
    # criteria
    "met": State("ok", "check-circle-fill", gettext_lazy("Met")),
    "under_way": State("info", "clock", gettext_lazy("Under way")),
    "not_met": State("bad", "x-octagon-fill", gettext_lazy("Not met")),
    "unknown": State("idle", "question-circle", gettext_lazy("Cannot be judged yet")),
    "in_place": State("ok", "check-circle-fill", gettext_lazy("All in place")),
    # targets
    "reached": State("ok", "check-circle-fill", gettext_lazy("Reached")),
    "ahead": State("ok", "check-circle", gettext_lazy("Ahead of plan")),
    "on_plan": State("ok", "check-circle", gettext_lazy("On plan")),
    "behind": State("warn", "exclamation-triangle-fill", gettext_lazy("Behind, can be reached")),
    "unlikely": State("bad", "exclamation-octagon-fill", gettext_lazy("Unlikely to be reached")),
    "coming": State("idle", "dash-circle", gettext_lazy("Not started")),
    "uncounted": State("warn", "question-circle", gettext_lazy("Cannot be counted")),
    "missed": State("bad", "exclamation-octagon-fill", gettext_lazy("Not reached")),
    # how it goes
    "good": State("ok", "check-circle-fill", gettext_lazy("Good")),
    "mixed": State("warn", "exclamation-triangle-fill", gettext_lazy("Mixed")),
    "hard": State("bad", "exclamation-octagon-fill", gettext_lazy("Hard")),
}
MATCH_KINDS = {
    "waiting": "idle",
    "proposed": "info",
    "introduced": "info",
    "active": "accent",
    "paused": "idle",
    "ended": "idle",
    "declined": "idle",
    "withdrawn": "idle",
}


@register.simple_tag
def badge(state: str, text: str = "", bare: bool = False, cls: str = "") -> SafeString:
    """Return icon and word of a state. ``bare`` omits the background, for tables and next to bars."""
    known = STATES[str(state)]
    return _badge(known.kind, icon(known.icon, size=14), text or known.word, bare, cls)


@register.simple_tag
def match_badge(status: str, text: str, bare: bool = False, cls: str = "") -> SafeString:
    """Return the status of a match with its rings: ``{% match_badge match.status match.get_status_display %}``."""
    return _badge(MATCH_KINDS[str(status)], ring(status, size=20), text, bare, cls)


def _badge(kind: str, mark: SafeString, text: str, bare: bool, cls: str) -> SafeString:
    classes = " ".join(filter(None, ["st", f"st-{kind}", "bare" if bare else "", cls]))
    return format_html('<span class="{}">{}{}</span>', classes, mark, text)


# --- strength of a suggested match ------------------------------------------------------------------

STRENGTHS = {
    "strong": (3, gettext_lazy("Strong match")),
    "good": (2, gettext_lazy("Good match")),
    "possible": (1, gettext_lazy("Possible match")),
}


@register.simple_tag
def strength(level: str, text: str = "") -> SafeString:
    """Return three rising bars and the word for a level: strong, good or possible."""
    filled, word = STRENGTHS[str(level)]
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="7" height="{}" rx="1"/>',
        (("on" if i < filled else "off", i * 9, 14 - h, h) for i, h in enumerate((4, 9, 14))),
    )
    return format_html(
        '<span class="strength"><svg width="25" height="14" viewBox="0 0 25 14" aria-hidden="true">{}</svg>{}</span>',
        bars,
        text or word,
    )


# --- bars --------------------------------------------------------------------------------------------


def _percent(value, axis) -> str:
    return f"{max(0.0, min(100.0, 100 * float(value) / float(axis))):.2f}%" if axis else "0%"


@register.simple_tag
def bullet(value, target, plan=None, low=None, high=None, label: str = "") -> SafeString:
    """Return a bullet bar: target, value, plan today, and the forecast from ``low`` to ``high`` as a whisker below.

    The axis ends at 1.35 × target or at the top of the forecast. The bar is as wide as its cell.
    """
    axis = max(float(target) * 1.35, float(high or 0), float(value))
    parts = [_bar(value, target, axis, plan, top=1)]
    if low is not None and high is not None:
        parts.append(_whisker(low, high, axis))
    words = label or _bar_words(value, target, plan, low, high)
    return format_html(
        '<svg class="bullet" width="100%" height="22" role="img" aria-label="{}">{}</svg>',
        words,
        mark_safe("".join(parts)),
    )


@register.simple_tag
def pace_bar(value, target, plan=None, label: str = "") -> SafeString:
    """Return the bar of the pace strip: the axis ends at the target, and the plan is labelled."""
    axis = max(float(target), float(value), 1)
    parts = [_bar(value, target, axis, plan, top=9)]
    if plan is not None:
        parts.append(_plan_text(plan, axis))
    return _bar_svg("bullet", 42, label or _bar_words(value, target, plan), parts)


EDGE = 0.08  # share of the bar at each end where the label of the plan is aligned inwards


def _plan_text(plan, axis) -> SafeString:
    share = float(plan) / axis
    anchor = "start" if share < EDGE else "end" if share > 1 - EDGE else "middle"
    words = f"{_('plan')} {danish_number(plan)}"
    return format_html('<text x="{}" y="37" text-anchor="{}">{}</text>', _percent(plan, axis), anchor, words)


def _bar_svg(cls: str, height: int, label: str, parts: list[str]) -> SafeString:
    return format_html(
        '<svg class="{}" width="100%" height="{}" role="img" aria-label="{}">{}</svg>',
        cls,
        str(height),
        label,
        mark_safe("".join(parts)),
    )


@register.simple_tag
def meter(value, total, label: str = "") -> SafeString:
    """Return a bar that shows how much of ``total`` is done."""
    words = label or _("%(value)s of %(total)s") % {"value": danish_number(value), "total": danish_number(total)}
    return _bar_svg("bullet meter", 10, words, [_bar(value, total, max(float(total), 1), None, top=0)])


def _bar(value, target, axis, plan, top: int) -> SafeString:
    track = format_html(
        '<rect class="track" x="0.5" y="{}" width="{}" height="9" rx="2"/>', f"{top + 0.5}", _percent(target, axis)
    )
    filled = format_html(
        '<rect class="value" x="0" y="{}" width="{}" height="10" rx="2"/>', str(top), _percent(value, axis)
    )
    if plan is None:
        return track + filled
    mark = format_html(
        '<svg x="{}" y="{}" overflow="visible"><rect class="gap" x="-3" y="4" width="6" height="10"/>'
        '<rect class="plan" x="-1" y="0" width="2" height="18"/></svg>',
        _percent(plan, axis),
        str(top - 4),
    )
    return track + filled + mark


def _whisker(low, high, axis) -> SafeString:
    start, end = _percent(low, axis), _percent(high, axis)
    if round(float(high)) == round(float(low)):
        return format_html('<circle class="whisker" cx="{}" cy="18" r="3"/>', end)
    width = f"{float(end[:-1]) - float(start[:-1]):.2f}%"
    return format_html(
        '<rect class="whisker" x="{}" y="17" width="{}" height="2"/>'
        '<rect class="whisker" x="{}" y="15" width="2" height="6"/>'
        '<svg x="{}" overflow="visible"><rect class="whisker" x="-2" y="15" width="2" height="6"/></svg>',
        start,
        width,
        start,
        end,
    )


def _bar_words(value, target, plan=None, low=None, high=None) -> str:
    words = [_("%(value)s of %(total)s") % {"value": danish_number(value), "total": danish_number(target)}]
    if plan is not None:
        words.append(_("plan today %(plan)s") % {"plan": danish_number(plan)})
    if low is not None and high is not None:
        words.append(_("expected %(range)s") % {"range": span(low, high)})
    return ", ".join(words)


@register.simple_tag
def span(low, high) -> str:
    """Return a range of whole numbers, ``21–27``, or one number when both are equal."""
    first, last = danish_number(round(float(low))), danish_number(round(float(high)))
    return first if first == last else f"{first}–{last}"


# --- paging ----------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def page_query(context, name: str, number: int) -> str:
    """Return ``?side=2`` with the rest of the query kept."""
    query = context["request"].GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}"


@register.filter
def page_numbers(page) -> list[int | None]:
    """Return the page numbers to link around the current one, with None for a gap."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]


@register.filter
def rows_elsewhere(page) -> int:
    """Return the number of rows of a list that are on other pages."""
    return page.paginator.count - len(page)


@register.filter
def sort_value(column) -> str:
    """Return the value in the address by which the heading of a column sorts its ``ListTable``."""
    return column._table.sort_value(column)


# --- history -----------------------------------------------------------------------------------------


@register.inclusion_tag("common/_history_card.html")
def history_card(record: Model) -> dict:
    """Show a collapsed card that loads the history of a record when it is opened."""
    return {"url": reverse("history", args=[record._meta.app_label, record._meta.model_name, record.pk])}


# --- messages ----------------------------------------------------------------------------------------


@register.filter
def undo_url(message) -> str:
    """Return the address to which the *Undo* of a toast posts; see ``common.toasts``."""
    tags = (message.extra_tags or "").split()
    return next((tag[5:] for tag in tags if tag.startswith("undo:")), "")


# --- fields ------------------------------------------------------------------------------------------

MOST_SEGMENTS = 4
LONGEST_SEGMENT = 24  # characters; longer choices are listed below one another


@register.filter
def is_choice_group(field) -> bool:
    """Return whether a field consists of several inputs under one legend."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def is_segmented(field) -> bool:
    """Return whether a field is shown as segments: at most four short choices of which one is selected."""
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple) or not isinstance(widget, RadioSelect):
        return False
    labels = [str(label) for _value, label in widget.choices]
    return len(labels) <= MOST_SEGMENTS and all(len(label) <= LONGEST_SEGMENT for label in labels)


@register.filter
def fields_with_errors(form) -> list:
    """Return the fields with errors, in the order of the form."""
    return [form[name] for name in form.fields if form[name].errors]
