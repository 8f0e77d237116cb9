"""The rows of the bench: each measures two actions in turn and prints their ratio with the goal."""

import datetime as dt
import io
import random
import statistics
import sys
import tracemalloc
from collections.abc import Callable, Iterator

import django

django.setup()

import openpyxl  # noqa: E402 - models need the setup above
from django.contrib import admin  # noqa: E402
from django.core.management import call_command  # noqa: E402

from accounts.models import User  # noqa: E402
from common import clock  # noqa: E402
from common.spreadsheets import write_csv, write_ods, write_xlsx  # noqa: E402
from common.templatetags.danish import in_days  # noqa: E402
from demo.builders.people import PersonGenerator, store_people  # noqa: E402
from demo.factories import MatchFactory  # noqa: E402
from matching.models import Interview, Match, ScreeningCheck  # noqa: E402
from people import display  # noqa: E402
from people.models import Enrolment, Person  # noqa: E402
from people.services.vocabulary import load_vocabulary  # noqa: E402
from people.views.lists import PER_PAGE  # noqa: E402
from programmes.enums import ParticipantRole  # noqa: E402
from programmes.models import Programme  # noqa: E402
from reporting.models import Target  # noqa: E402
from tests.bench.imports import measure_import, measure_long_import, measure_preview, measure_update  # noqa: E402
from tests.bench.measuring import REPEATS, Row, at_most, median_seconds, medians_in_turn, network, page  # noqa: E402
from tests.bench.start import measure_start  # noqa: E402

SMALL_POOL, LARGE_POOL = 100, 10_000
FEW_MATCHES, MANY_MATCHES = 600, 60_000
EXPORT_ROWS = 10_000


def fill(programme: Programme, user: User, mentors: int, mentees: int = 30) -> Enrolment:
    """Store interviewed and checked mentors and waiting mentees; return the enrolment of one of these."""
    generator = PersonGenerator(random.Random(7), phone_prefix=20 + programme.pk)
    entries = []
    for role, count in ((ParticipantRole.MENTOR, mentors), (ParticipantRole.MENTEE, mentees)):
        for day in generator.working_days(programme.starts_on, clock.today(), count):
            entry = generator.generate(programme, role, day, gender=generator.random_gender(0.6))
            entry.enrolment.status = "waiting"
            entry.enrolment.waiting_since = day
            entries.append(entry)
    store_people(entries, programme.branch, by=user)
    interviews = [
        Interview(enrolment=entry.enrolment, held_on=entry.enrolment.applied_on, assessment="suitable")
        for entry in entries
    ]
    Interview.objects.bulk_create(interviews)
    ScreeningCheck.objects.bulk_create(
        [ScreeningCheck(enrolment=entry.enrolment, kind="criminal_record", outcome="approved") for entry in entries]
    )
    return entries[-1].enrolment


def measure_ranking() -> Row:
    small, large = network("few", "F"), network("many", "M")
    mentees = [fill(*small, SMALL_POOL), fill(*large, LARGE_POOL)]
    times = [
        median_seconds(page(user, f"/match/?mentee={mentee.pk}"), 9)
        for (_, user), mentee in zip((small, large), mentees, strict=True)
    ]
    return at_most(f"match desk at {LARGE_POOL} mentors, against {SMALL_POOL}", times[1] / times[0], 1.5)


def measure_person_list() -> Row:
    """Compare the person list of the branch of ``measure_ranking`` with the same rows and columns in Django's admin.

    The admin prefetches as the list does, so that the ratio is that of the pages.
    """
    user = User.objects.get(memberships__branch__slug="many")
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    user.refresh_from_db()
    same = admin.site.get_model_admin(Person)
    same.list_per_page = PER_PAGE
    same.list_display = ["name", "case_number", state_of, wishes_of, "phone", wait_of]
    same.get_queryset = lambda request: Person.objects.for_table(Enrolment.objects.all())
    ours, admins = page(user, "/personer/"), page(user, "/support/people/person/")
    title = f"person list, {PER_PAGE} of {LARGE_POOL} people, against the same rows and columns in the admin"
    return at_most(title, median_seconds(ours, 9) / median_seconds(admins, 9), 0.25)


def measure_search() -> Row:
    """Compare the hits of the top bar for a name with the person list that finds the same name."""
    user = User.objects.get(memberships__branch__slug="many")
    hits, people = page(user, "/soeg/?soeg=ali", **{"hx-request": "true"}), page(user, "/personer/?soeg=ali")
    seconds = medians_in_turn(hits, people, repeats=9)
    title = f"quick search while typing among {LARGE_POOL} people, against the person list"
    return at_most(title, seconds[0] / seconds[1], 1)


def state_of(person: Person) -> str:
    enrolment = display.main_enrolment(person.shown_enrolments)
    return f"{display.status_words(enrolment)} {enrolment.get_role_display()}"


def wishes_of(person: Person) -> str:
    topics = display.topics_words(display.main_enrolment(person.shown_enrolments))
    return f"{topics} · {display.languages_words(person)}"


def wait_of(person: Person) -> str:
    return in_days(display.days_waited(display.main_enrolment(person.shown_enrolments)))


def measure_targets() -> Row:
    times = []
    for slug, code, count in (("t-few", "TF", FEW_MATCHES), ("t-many", "TM", MANY_MATCHES)):
        programme, user = network(slug, code)
        add_targets(programme)
        ended_matches(programme, count)
        times.append(median_seconds(page(user, f"/rapporter/?indsats={programme.slug}&aar=2011")))
    return at_most(
        f"a year's targets with evidence at {MANY_MATCHES} matches, against {FEW_MATCHES}", times[1] / times[0], 2
    )


def add_targets(programme: Programme) -> None:
    for gender, value in (("man", 25), ("woman", 30)):
        Target.objects.create(
            programme=programme,
            key=f"matches-{gender}",
            indicator="matches_established",
            filters={"gender": gender},
            label="Match",
            wording="Etablering af match",
            period_start="2011-01-01",
            period_end="2011-12-31",
            value=value,
        )


def ended_matches(programme: Programme, count: int) -> None:
    """Store ended matches of past years, and equally many of this year in both sizes, as the page shows one year."""
    generator = PersonGenerator(random.Random(3), phone_prefix=70)
    entries = [
        generator.generate(programme, role, programme.starts_on, gender=generator.random_gender(0.5))
        for role in (ParticipantRole.MENTOR, ParticipantRole.MENTEE)
        for _ in range(200)
    ]
    store_people(entries, programme.branch, by=None)
    mentors, mentees = entries[:200], entries[200:]
    this_year = 60
    rows = [
        MatchFactory.build(
            programme=programme,
            number=f"M-{n}",
            mentor=mentors[n % 200].person,
            mentee=mentees[(n // 3) % 200].person,
            status="ended",
            mentor_place=None,
            proposed_on=None,
            started_on=f"2011-0{n % 8 + 1}-11" if n < this_year else f"20{n % 10:02d}-03-11",
            ended_on="2011-09-10",
        )
        for n in range(count)
    ]
    Match.objects.bulk_create(rows, batch_size=1000)


EXPORT_HEADINGS = [f"Kolonne {number}" for number in range(1, 21)]


def export_rows(count: int) -> Iterator[list]:
    """Yield rows of twenty cells, with all types of values that lists have."""
    day, instant = dt.date(2011, 3, 1), dt.datetime(2011, 3, 1, 13, 30)
    for n in range(count):
        texts = [f"T-2011-{n:05}", f"Anna{n}", f"Møller{n}", f"a{n}@example.dk", f"Ruten {n}", "Tingbjerg"]
        words = ["Mentee", "Venter på mentor", "Mentornetværket Tingbjerg", "Kvinde", "=1+1", "+45 57 26 96 17"]
        yield [*texts, *words, n, n * 0.5, day, instant, None, "2700", "Lektier, jobsøgning", "dansk, engelsk"]


def write_with_openpyxl(count: int) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Personer")
    sheet.append(EXPORT_HEADINGS)
    for row in export_rows(count):
        sheet.append(row)
    book.save(io.BytesIO())


def measure_export() -> Row:
    """Run both in turn, so that changes of the load affect both."""
    ours, theirs = [], []
    for _ in range(REPEATS):
        ours.append(median_seconds(lambda: write_xlsx("Personer", EXPORT_HEADINGS, export_rows(EXPORT_ROWS)), 1))
        theirs.append(median_seconds(lambda: write_with_openpyxl(EXPORT_ROWS), 1))
    title = f"export of {EXPORT_ROWS} rows of 20 columns as xlsx, against openpyxl write-only"
    return at_most(title, statistics.median(ours) / statistics.median(theirs), 1.1)


def measure_export_memory() -> Row:
    """Return the worst ratio of the three formats."""
    ratios = []
    for write in (write_xlsx, write_ods, write_csv):
        write("Personer", EXPORT_HEADINGS, []).close()  # so that neither measurement includes imports
        few, many = (peak_of(write, count) for count in (EXPORT_ROWS, 4 * EXPORT_ROWS))
        ratios.append(many / few)
    return at_most(f"memory of an export of {4 * EXPORT_ROWS} rows, against {EXPORT_ROWS}", max(ratios), 1.1)


def peak_of(write: Callable, count: int) -> int:
    """Return the peak memory of a write, in bytes."""
    tracemalloc.start()
    write("Personer", EXPORT_HEADINGS, export_rows(count)).close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


ROWS = {
    "export": measure_export,
    "export-memory": measure_export_memory,
    "import": measure_import,
    "import-update": measure_update,
    "import-preview": measure_preview,
    "import-long": measure_long_import,
    "ranking": measure_ranking,
    "people": measure_person_list,
    "search": measure_search,
    "start": measure_start,
    "targets": measure_targets,
}


def main(names: list[str]) -> int:
    call_command("migrate", verbosity=0, interactive=False)
    load_vocabulary()
    missed = 0
    for name in names or ROWS:
        row = ROWS[name]()
        print(row, flush=True)
        missed += not row.is_met
    print(f"{len(names or ROWS) - missed} of {len(names or ROWS)} goals met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
