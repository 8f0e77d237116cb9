"""Load the demo into an empty database, and remove it."""

import datetime as dt
import random

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from accounts.enums import Role
from accounts.models import Branch
from demo.builders import corrections, events, staff, states
from demo.builders.colleagues import add_colleagues
from demo.builders.koebenhavn import KoebenhavnBuilder
from demo.builders.periods import store_periods
from demo.builders.tingbjerg import TingbjergBuilder
from programmes.models import Programme
from reporting.services.programmes import load_programme

SEED = 2011
PROGRAMMES = ("koebenhavn", "tingbjerg-2010")
# The demo is loaded only when these models have no rows.
MODELS_WITH_DATA = ("people.Person", "matching.Match", "events.Event", "accounts.User")


class DemoRefused(Exception):
    """The database is not empty, or has no demo."""


def is_empty() -> bool:
    """Return whether the database has no person, match, event and user."""
    return not any(apps.get_model(label)._default_manager.exists() for label in MODELS_WITH_DATA)


def has_demo() -> bool:
    return Branch.objects.filter(is_demo=True).exists()


@transaction.atomic
def load_demo(*, today: dt.date | None = None, size: float = 1.0) -> dict[str, int]:
    """Fill an empty database with invented people, and return the number of people by branch.

    ``size`` is the share of branch København's people; Tingbjerg is always complete. Raises DemoRefused when the
    database is not empty.
    """
    if not is_empty():
        raise DemoRefused("The database is not empty: invented people are never mixed with real ones.")
    today = today or dt.date.fromisoformat(settings.DEMO_TODAY)
    rng = random.Random(SEED)
    programmes = {slug: load_programme(slug).programme for slug in PROGRAMMES}
    # Invented records have no history.
    Branch.objects.filter(programmes__in=programmes.values()).update(is_demo=True)
    koebenhavn, tingbjerg = programmes["koebenhavn"], programmes["tingbjerg-2010"]
    users = {programme.branch.slug: staff.create_staff(programme.branch) for programme in programmes.values()}
    KoebenhavnBuilder(koebenhavn, users["koebenhavn"], today, rng, size).build()
    TingbjergBuilder(tingbjerg, users["tingbjerg"], today, rng).build()
    for programme in programmes.values():
        store_periods(programme)
    add_colleagues(tingbjerg, users["tingbjerg"][Role.COORDINATOR], today)
    _add_events(koebenhavn, tingbjerg, users, today, rng)
    corrections.correct_agreement(tingbjerg, users["tingbjerg"][Role.COORDINATOR], today)
    states.add_states(tingbjerg, users["tingbjerg"][Role.COORDINATOR], today)
    states.add_draft(tingbjerg, users["tingbjerg"][Role.COORDINATOR], today)
    states.add_transfer(koebenhavn, tingbjerg, users["koebenhavn"], today)
    return {p.branch.name: p.branch.people.count() for p in programmes.values()}


def _add_events(koebenhavn: Programme, tingbjerg: Programme, users: dict, today: dt.date, rng: random.Random) -> None:
    builder = events.EventBuilder(tingbjerg, users["tingbjerg"][Role.COORDINATOR], today, rng)
    for row in events.TINGBJERG:
        builder.add(*row)
    builder.store()
    builder = events.EventBuilder(koebenhavn, users["koebenhavn"][Role.COORDINATOR], today, rng)
    for *row, invites_tingbjerg in events.KOEBENHAVN:
        builder.add(*row, invited=tingbjerg if invites_tingbjerg else None)
    builder.store()


@transaction.atomic
def empty_demo() -> int:
    """Remove the demo, and return the number of people removed.

    Raises DemoRefused when the database has no demo, or also has other branches.
    """
    if not has_demo():
        raise DemoRefused("There is no demo in this database.")
    if Branch.objects.filter(is_demo=False).exists():
        raise DemoRefused("The database also has branches that are not part of the demo. Nothing was removed.")
    removed = apps.get_model("people.Person")._default_manager.count()
    for label in _models_children_first():
        apps.get_model(label)._base_manager.all()._raw_delete(using=connection.alias)
    return removed


def _models_children_first() -> list[str]:
    """Return the labels of all models to empty, each before those to which it refers."""
    ours = {"common", "tasks", "accounts", "programmes", "people", "matching", "events", "reporting", "imports"}
    ours |= {"mfa", "account", "admin", "sessions"}
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in ours]
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
