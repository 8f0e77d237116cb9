"""Tags and filters of people: status badges, addresses of tabs and segments, short texts."""

from django import template
from django.urls import reverse
from django.utils.html import format_html

from common.lists import PAGE_KEY
from common.templatetags.ui import badge, match_badge
from people import display
from people.enums import EnrolmentStatus
from people.models import Person
from people.timeline import EntryKind
from programmes.enums import ParticipantRole

register = template.Library()
register.filter("pause_words", display.pause_words)


@register.simple_tag
def enrolment_badge(enrolment, bare: bool = False):
    """Return the badge of an enrolment's status, with the ring of a match if there is one."""
    words = display.status_words(enrolment)
    if enrolment.status in display.RINGS:
        return match_badge(display.RINGS[enrolment.status], words, bare=bare)
    if enrolment.role in display.SIMPLE_ROLES:
        return badge("idle", words, bare=bare)
    return badge("soon" if enrolment.status == EnrolmentStatus.APPLIED else "idle", words, bare=bare)


@register.filter
def named(person: Person) -> str:
    """Return the name of a person, with the state if there is one."""
    return format_html("{}{}", person.name, state_beside(person)) if person.state else person.name


@register.filter
def state_beside(person: Person) -> str:
    """Return the state of a person to show after a name or a case number; an empty text if there is none."""
    return format_html(' <span class="person-state">{}</span>', display.state_words(person)) if person.state else ""


@register.simple_tag(takes_context=True)
def role_query(context, role: str) -> str:
    """Return the address of a tab: another role with the same filters, on the first page."""
    query = context["request"].GET.copy()
    for name in (PAGE_KEY, "rolle"):
        query.pop(name, None)
    if role:
        query["rolle"] = ParticipantRole(role).slug
    return f"{reverse('people:person-list')}?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def kind_query(context, kind: EntryKind | None) -> str:
    """Return the address of a segment above the timeline."""
    query = context["request"].GET.copy()
    query.pop("type", None)
    if kind:
        query["type"] = kind.slug
    return f"?{query.urlencode()}" if query else context["request"].path


register.filter("name_with_state", display.name_with_state)
register.filter("times_words", display.times_words)
register.filter("places_words", display.places_words)
register.filter("status_words", display.status_words)
register.filter("role_plural", display.role_plural)
register.filter("level_words", display.level_words)
register.filter("has_preferences", display.has_preferences)
register.filter("other_wished", display.other_wished)
register.filter("consent_words", display.consent_words)
register.filter("gender_and_age", display.gender_and_age)
