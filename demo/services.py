"""Filling an empty database with the demo, and emptying it again."""

import datetime as dt
import random

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from accounts.enums import Role
from accounts.models import Branch
from common.models import NumberSeries
from demo.world import gatherings, staff
from demo.world.koebenhavn import Koebenhavn
from demo.world.tingbjerg import Tingbjerg
from programmes.models import Programme
from reporting.services.programmes import load_programme

SEED = 2011
PROGRAMMES = ("koebenhavn", "tingbjerg-2010")
# What the demo may share a database with: nothing. These hold people or work; their rows would be mixed.
HOLDS_PEOPLE = ("people.Person", "matching.Match", "events.Event", "accounts.User")


class DemoRefused(Exception):
    """The database is not empty, or holds no demo. The message says what to do."""


def is_empty() -> bool:
    """Whether no person, match, event or user is stored."""
    return not any(apps.get_model(label)._default_manager.exists() for label in HOLDS_PEOPLE)


def has_demo() -> bool:
    return Branch.objects.filter(is_demo=True).exists()


@transaction.atomic
def load_demo(*, today: dt.date | None = None, size: float = 1.0) -> dict[str, int]:
    """Fill an empty database with invented people; returns how many people each branch got.

    ``size`` scales branch København only. Raises DemoRefused when anybody is stored already.
    """
    if not is_empty():
        raise DemoRefused("The database is not empty: invented people are never mixed with real ones.")
    today = today or dt.date.fromisoformat(settings.DEMO_TODAY)
    rng = random.Random(SEED)
    programmes = {slug: load_programme(slug).programme for slug in PROGRAMMES}
    Branch.objects.filter(programmes__in=programmes.values()).update(is_demo=True)
    koebenhavn, tingbjerg = programmes["koebenhavn"], programmes["tingbjerg-2010"]
    users = {programme.branch.slug: staff.create_staff(programme.branch) for programme in programmes.values()}
    Koebenhavn(koebenhavn, users["koebenhavn"], today, rng, size).build()
    Tingbjerg(tingbjerg, users["tingbjerg"], today, rng).build()
    _hold_events(koebenhavn, tingbjerg, users, today, rng)
    return {p.branch.name: p.branch.people.count() for p in programmes.values()}


def _hold_events(koebenhavn: Programme, tingbjerg: Programme, users: dict, today: dt.date, rng: random.Random) -> None:
    book = gatherings.Gatherings(tingbjerg, users["tingbjerg"][Role.COORDINATOR], today, rng)
    for row in gatherings.TINGBJERG:
        book.hold(*row)
    book.store()
    book = gatherings.Gatherings(koebenhavn, users["koebenhavn"][Role.COORDINATOR], today, rng)
    for *row, invites_tingbjerg in gatherings.KOEBENHAVN:
        book.hold(*row, invited=tingbjerg if invites_tingbjerg else None)
    book.store()


@transaction.atomic
def empty_demo() -> int:
    """Remove everything the demo brought; returns the number of people removed.

    Raises DemoRefused when the database holds no demo, or holds branches that are not the demo's.
    """
    if not has_demo():
        raise DemoRefused("There is no demo in this database.")
    if Branch.objects.filter(is_demo=False).exists():
        raise DemoRefused("The database also holds branches that are not the demo's. Nothing was removed.")
    removed = apps.get_model("people.Person")._default_manager.count()
    for label in _models_children_first():
        apps.get_model(label)._base_manager.all()._raw_delete(using=connection.alias)
    return removed


def _models_children_first() -> list[str]:
    """Our own tables and those that hang on users, ordered so that references go before what they refer to."""
    ours = {"accounts", "programmes", "people", "matching", "events", "reporting", "mfa", "account", "admin"}
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in ours]
    models += [NumberSeries, apps.get_model("sessions.Session"), apps.get_model("common.SubmittedForm")]
    ordered: list = []

    def visit(model, path=()):
        if model in ordered or model in path:
            return
        for relation in model._meta.related_objects:
            if relation.related_model in models:
                visit(relation.related_model, (*path, model))
        for field in model._meta.many_to_many:
            visit(field.remote_field.through, (*path, model))
        ordered.append(model)

    for model in models:
        visit(model)
    return [model._meta.label for model in ordered if model._meta.managed]
