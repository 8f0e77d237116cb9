"""Plots: equal figures give equal files, labels and descriptions are right, texts of users are escaped."""

import datetime as dt
import io
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.utils import translation
from fontTools.ttLib import TTFont
from PIL import Image

from common.charts import (
    LIGHT,
    BulletBar,
    BulletLegend,
    CumulativePlot,
    Forecast,
    MeetingBars,
    StateMark,
    canvas,
    fonts,
    letters,
    png,
    svg,
)
from common.charts.letters import text_width
from common.charts.scales import DayScale, figure, ticks

SVG = "{http://www.w3.org/2000/svg}"
YEAR = (dt.date(2011, 1, 1), dt.date(2011, 12, 31))


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def matches():
    """12 of 25 matches by 15 September 2011, as in the design."""
    days = [(1, 19), (2, 8), (3, 1), (3, 24), (4, 12), (5, 4), (5, 18), (6, 9), (6, 28), (8, 16), (8, 30), (9, 8)]
    return CumulativePlot(
        title="»Etablering af 25 mandlige match«",
        start=YEAR[0],
        end=YEAR[1],
        today=dt.date(2011, 9, 15),
        plan=[(YEAR[0], 0), (YEAR[1], 25)],
        reached=[(dt.date(2011, month, day), number) for number, (month, day) in enumerate(days, start=1)],
        plan_today=17.6,
        forecast=Forecast(15, 17, 19),
    )


@pytest.fixture
def meetings():
    held = [((6, 28), 1), ((7, 5), 2), ((7, 13), 2.5), ((7, 26), 2), ((8, 9), 2), ((8, 17), 3), ((8, 30), 2)]
    return MeetingBars(
        title="Møder",
        start=dt.date(2011, 6, 28),
        end=dt.date(2011, 9, 30),
        today=dt.date(2011, 9, 15),
        meetings=[(dt.date(2011, *day), hours) for day, hours in [*held, ((9, 6), 2)]],
        required_hours=2,
    )


def words(drawing):
    """Return the texts of a drawing, from top to bottom."""
    texts = ElementTree.fromstring(drawing).iter(f"{SVG}text")
    return [text.text for text in sorted(texts, key=lambda text: float(text.get("y")))]


def test_cumulative_plot_has_the_labels_of_the_design(matches):
    texts = words(svg(matches))

    assert [text for text in texts if not text.isdigit()] == [
        "today",
        "plan 25",
        "plan today 18",
        "expected",
        "15–19",
        "reached 12",
        *["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."],
    ]
    assert [text for text in texts if text.isdigit()] == ["25", "20", "15", "10", "5", "0"]


def test_svg_has_title_description_and_css_variables(matches):
    drawing = ElementTree.fromstring(svg(matches))

    title, description = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")
    assert drawing.get("role") == "img"
    assert drawing.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "»Etablering af 25 mandlige match«"
    assert description.text == (
        "Reached on 15\N{NO-BREAK SPACE}September 2011: 12. Plan for the period: 25. Plan for that day: 18. "
        "Expected on 31\N{NO-BREAK SPACE}December 2011: 15–19."
    )
    assert drawing.get("viewBox") == "0 0 760 304"
    assert drawing.get("width") is None
    assert {element.tag.removeprefix(SVG) for element in drawing.iter()} == {"svg", "title", "desc", "path", "text"}
    assert "#" not in svg(matches)
    assert "var(" not in svg(matches, variables=False)


def test_svg_is_reproducible_and_has_other_ids_with_uid(matches):
    assert svg(matches) == svg(matches)
    assert svg(matches) != svg(matches, phone=True)
    assert 'id="plot-second-title"' in svg(matches, uid="second")


def test_svg_escapes_texts_of_users(matches):
    drawing = svg(replace(matches, title="</title><script>alert(1)</script> $x$ \x00"))

    assert "<script>" not in drawing
    assert ElementTree.fromstring(drawing).find(f"{SVG}title").text == "</title><script>alert(1)</script> $x$ "


def test_png_is_three_times_the_size(matches):
    picture = png(matches)

    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (2280, 912)
    assert picture == png(matches)


def test_cumulative_table_has_plan_reached_and_forecast(matches):
    table = matches.table()

    assert table.headers == ("Until", "Plan", "Reached", "Expected")
    assert table.rows[0] == ("31\N{NO-BREAK SPACE}January 2011", 2, 1, None)
    assert table.rows[8] == ("15\N{NO-BREAK SPACE}September 2011", 18, 12, None)
    assert table.rows[9] == ("31\N{NO-BREAK SPACE}October 2011", 21, None, None)
    assert table.rows[-1] == ("31\N{NO-BREAK SPACE}December 2011", 25, None, "15–19")


@pytest.mark.parametrize(
    ("changes", "labels"),
    [
        # the period is over: no forecast, labels at the ends of the lines
        ({"today": dt.date(2012, 3, 1)}, ["plan 25", "reached 12"]),
        # not begun: only the plan
        ({"today": dt.date(2010, 12, 1), "reached": [], "plan_today": None, "forecast": None}, ["plan 25"]),
        # ahead of the plan
        ({"plan_today": 9.4}, ["today", "plan 25", "expected", "15–19", "reached 12", "plan today 9"]),
        # so close that the labels are on both sides
        ({"plan_today": 12.4}, ["today", "plan 25", "expected", "15–19", "plan today 12", "reached 12"]),
        # early in the year: no room on the left
        (
            {"today": dt.date(2011, 1, 12), "reached": [], "plan_today": 0.8, "forecast": Forecast(10, 20, 40)},
            ["today", "plan 25", "expected", "10–40", "plan today 1", "reached 0"],
        ),
        # late in the year: no room on the right
        (
            {"today": dt.date(2011, 12, 20), "plan_today": 12.4, "forecast": Forecast(12, 12, 12)},
            ["today", "plan 25", "plan today 12", "expected", "12", "reached 12"],
        ),
        # no plan
        ({"plan": [], "plan_today": None, "forecast": None}, ["today", "reached 12"]),
    ],
)
@pytest.mark.parametrize("phone", [False, True])
def test_cumulative_labels_fit_the_figures(matches, changes, labels, phone):
    drawing = ElementTree.fromstring(svg(replace(matches, **changes), phone=phone))
    texts = [text for text in drawing.iter(f"{SVG}text") if text.text.rstrip(".") not in str(_months())]

    shown = [text.text for text in sorted(texts, key=lambda text: float(text.get("y")))]
    assert [text for text in shown if text in labels or not text.isdigit()] == labels
    assert all(0 <= float(text.get("x")) <= (326 if phone else 760) for text in texts)


def _months():
    return ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]


def test_phased_plan_over_two_years_names_the_year(matches):
    plan = [(dt.date(2010, 1, 1), 0), (dt.date(2010, 12, 31), 30), (dt.date(2011, 12, 31), 50)]
    plot = replace(matches, start=dt.date(2010, 1, 1), plan=plan)

    assert plot.planned_on(dt.date(2010, 7, 2)) == 15
    assert plot.planned_on(dt.date(2011, 12, 31)) == 50
    assert "Jan. 2010" in words(svg(plot))
    assert "Jan. 2011" in words(svg(plot, phone=True))


def test_rhythm_is_drawn_in_steps(matches):
    plan = [(dt.date(2011, 2, 28), 1), (dt.date(2011, 4, 30), 2), (dt.date(2011, 10, 31), 3)]
    plot = replace(matches, plan=plan, plan_steps=True, reached=[(dt.date(2011, 2, 3), 1)], forecast=None)

    assert plot.planned_on(dt.date(2011, 1, 31)) == 0
    assert plot.planned_on(dt.date(2011, 4, 29)) == 1
    assert plot.planned_on(dt.date(2011, 12, 31)) == 3
    assert plot.table().headers == ("Until", "Plan", "Reached")
    assert "plan 3" in words(svg(plot))


def test_meeting_bars_sum_up_each_month(meetings):
    texts = words(svg(meetings))

    assert texts[-3:] == [
        "July: 3 meetings, 6.5 hours",
        "August: 3 meetings, 7 hours",
        "September: 1 meeting, 2 hours",
    ]
    assert "hours per meeting" in texts
    assert meetings.caption().description == "8 meetings, 16.5 hours. Required for a meeting: 2 hours."
    assert meetings.table().rows[0] == ("28\N{NO-BREAK SPACE}June 2011", 1)


def test_meeting_bars_shorten_the_texts_without_room(meetings):
    with translation.override("da"):
        year = replace(meetings, start=dt.date(2010, 9, 20), end=dt.date(2011, 9, 15))

        assert words(svg(year))[-11:] == (
            ["okt.", "nov.", "dec.", "jan.", "feb.", "marts", "april", "maj", "juni", "juli", "aug."]
        )
        assert words(svg(year, phone=True))[-3:] == ["dec.", "marts", "juni"]


def test_two_meetings_of_a_day_are_side_by_side(meetings):
    day = dt.date(2011, 7, 5)
    both = svg(replace(meetings, meetings=[(day, 2), (day, 1)], required_hours=None))
    bars = [path.get("d") for path in ElementTree.fromstring(both).iter(f"{SVG}path") if "--bar" in path.get("style")]

    assert len({bar.split()[1] for bar in bars}) == 2


def test_meeting_bars_of_an_ended_match_have_no_today(meetings):
    texts = words(svg(replace(meetings, end=dt.date(2011, 9, 6), meetings=[(dt.date(2011, 8, 6), 0.5)])))

    assert "today" not in texts
    assert "requirement 2 hours" in texts


@pytest.mark.parametrize(
    ("bar", "description"),
    [
        (BulletBar("x", 17, 25, 18, 21, 27), "Reached: 17, Promised: 25, Plan to date: 18, Expected: 21–27"),
        (BulletBar("x", 2, 2, 1, 2, 2), "Reached: 2, Promised: 2, Plan to date: 1, Expected: 2"),
        (BulletBar("x", 45, 30), "Reached: 45, Promised: 30"),
    ],
)
def test_bullet_bar_describes_its_figures(bar, description):
    assert bar.caption().description == description
    assert ElementTree.fromstring(svg(bar)).find(f"{SVG}desc").text == description
    assert bar.table().rows == (tuple(part.split(": ")[1] for part in description.split(", ")),)


def test_bullet_legend_names_its_parts():
    legend = BulletLegend("plan to date", "expected on 31 December")

    assert words(svg(legend)) == ["reached", "plan to date", "expected on 31 December"]
    assert legend.table().rows == ()


@pytest.mark.parametrize(
    ("highest", "marks"),
    [(1, [0, 1]), (5, [0, 1, 2, 3, 4, 5]), (25, [0, 5, 10, 15, 20, 25]), (1478, [0, 500, 1000, 1500])],
)
def test_ticks_are_round(highest, marks):
    assert ticks(highest) == marks


def test_months_are_cut_to_the_period():
    scale = DayScale(dt.date(2011, 6, 28), dt.date(2011, 8, 3), 0, 370)

    assert scale.months() == [
        (dt.date(2011, 6, 28), dt.date(2011, 6, 30)),
        (dt.date(2011, 7, 1), dt.date(2011, 7, 31)),
        (dt.date(2011, 8, 1), dt.date(2011, 8, 3)),
    ]
    assert (scale.begin(scale.start), scale.finish(scale.end)) == (0, 370)


def test_figures_are_in_danish_notation():
    with translation.override("da"):
        assert [figure(1478), figure(16.5, decimals=2), figure(2.0, decimals=1), figure(17.5)] == [
            "1.478",
            "16,5",
            "2",
            "18",
        ]


@pytest.mark.parametrize(("weight", "style"), [(400, "Regular"), (600, "SemiBold")])
def test_font_files_have_one_weight_each(weight, style):
    with TTFont(fonts.font_files()[weight]) as font:
        assert [font["name"].getDebugName(number) for number in (1, 2)] == ["Mentornet Sans", style]
        assert font["OS/2"].usWeightClass == weight


def test_letters_are_drawn_on_png():
    picture = Image.open(io.BytesIO(png(BulletLegend("plan to date")))).convert("L")

    darkest, lightest = picture.crop((32 * 3, 0, 80 * 3, 22 * 3)).getextrema()
    assert darkest < 100
    assert lightest == 255


@pytest.mark.parametrize("weight", [400, 600])
def test_letter_widths_are_those_of_the_font(weight):
    """The widths in whole pixels differ a little from those of the font, and are seldom smaller for a whole text."""
    with TTFont(fonts.font_files()[weight]) as font:
        glyphs, advances = font.getBestCmap(), font["hmtx"].metrics
        exact = {letter: advances[glyphs[ord(letter)]][0] * 14 / 1000 for letter in letters.letter_widths(weight)}

    assert {
        letter: width for letter, width in exact.items() if abs(text_width(letter, weight=weight) - width) > 2
    } == {}
    for text in ("forventet den 31. december (8 ud af 10 gange)", "plan today 18", "reached 12", "krav 2 timer"):
        assert 0 <= text_width(text, weight=weight) / sum(exact[letter] for letter in text) - 1 < 0.07


def test_a_letter_outside_the_table_counts_as_an_m():
    assert text_width("Ω") == text_width("m")
    assert text_width("a\x00") == text_width("a")


def test_lines_of_png_are_on_whole_pixels():
    drawing = canvas.Canvas(100, 100, LIGHT, scale=3)
    drawing.line([(0, 10.1), (50, 10.1)], canvas.Ink.LINE)
    drawing.line([(0, 10.1), (50, 20)], canvas.Ink.LINE)
    drawing.box(1.1, 1.2, 2, 2, canvas.Ink.LINE)

    assert [shape.path for shape in drawing.shapes] == [
        "M 0.17 10.17 L 50.17 10.17",
        "M 0 10.1 L 50 20",
        "M 1 1.33 L 3 1.33 L 3 3.33 L 1 3.33 Z",
    ]


@pytest.mark.parametrize("kind", ["done", "good", "warn", "bad", "idle"])
def test_state_mark_has_its_word_and_colour(kind):
    mark = StateMark(kind, "Hardly to be reached")
    colour = {"done": "ok", "good": "ok"}.get(kind, kind)

    assert ElementTree.fromstring(svg(mark)).find(f"{SVG}title").text == "Hardly to be reached"
    assert f"var(--{colour})" in svg(mark)
    assert mark.table().rows == ()


def test_plot_of_a_document_names_its_day(matches):
    texts = words(svg(replace(matches, today_label="15 September 2011")))

    assert [text for text in texts if text in ("today", "plan today 18", "15 September 2011", "planned 18")] == [
        "15 September 2011",
        "planned 18",
    ]
