"""Every sentence with a date is right on the day before that date, on it, and after it, in both languages.

``test_sentence_tenses`` names the sentences whose words depend on the day; the table here says what they are.
"""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from demo.factories import (
    EnrolmentFactory,
    EventFactory,
    FollowUpFactory,
    InterviewFactory,
    MatchFactory,
    MentorFactory,
    TargetFactory,
)
from matching.models import FollowUp, Match
from matching.pages.follow_up_rows import row_of
from matching.pages.match_page import MatchPage
from matching.pages.next_actions import next_actions
from matching.quality.attention import attention_items_of
from matching.quality.criteria import MatchEvidence, judge_duration, judge_support
from matching.ranking import rank_mentors
from matching.rules.pairs import pair_problems
from people.display import pause_words
from people.models import EnrolmentPeriod
from people.timeline import entries_for
from reporting.evaluation import evaluate_target
from reporting.indicators import get_indicator
from tests.events.conftest import at
from tests.matching.conftest import text_of
from tests.test_sentence_tenses import BY_DAY

DAY = dt.date(2011, 9, 20)  # the day that each sentence of the table names


def agreed_time(programme, user, _client, today) -> str:
    """The agreed time of one year ends on the day."""
    match = MatchFactory(programme=programme, started_on=dt.date(2010, 9, 20), proposed_on=None)
    found = attention_items_of(match, user, today)
    return next(item.sentence for item in found if item.kind == "ending")


def harm(programme, _user, _client, today) -> str:
    """Three months of the match have passed on the day."""
    match = MatchFactory(programme=programme, started_on=dt.date(2011, 6, 20))
    return judge_duration(MatchEvidence.read(match, today)).evidence


def year(programme, _user, _client, today) -> str:
    """A year of the match has passed on the day."""
    match = MatchFactory(programme=programme, started_on=dt.date(2010, 9, 20), proposed_on=None)
    return judge_duration(MatchEvidence.read(match, today)).evidence


def question_about_support(programme, _user, _client, today) -> str:
    """The mentee can be asked at a follow-up that is due on the day."""
    match = MatchFactory(programme=programme)
    FollowUpFactory(match=match, due_on=DAY)
    return judge_support(MatchEvidence.read(match, today)).evidence.partition(". ")[2]


def next_follow_up(programme, _user, _client, _today) -> str:
    """Another follow-up is due on the day."""
    match = MatchFactory(programme=programme)
    saved = FollowUpFactory(match=match, due_on=dt.date(2011, 9, 1), done_on=dt.date(2011, 9, 1), mood="good")
    FollowUpFactory(match=match, due_on=DAY)
    return row_of(FollowUp.objects.for_rows().get(pk=saved.pk), "saved").next_words


def introduced(programme) -> Match:
    return MatchFactory(programme=programme, status="introduced", started_on=None, introduced_on=DAY)


def arranged_meeting(programme, _user, _client, today) -> str:
    """The first meeting is arranged for the day."""
    return MatchPage(introduced(programme), today).arranged_words


def next_action_of_an_arranged_meeting(programme, user, _client, _today) -> str:
    return next_actions(introduced(programme).mentee, user)[0].text


def next_action_of_a_follow_up(programme, user, _client, _today) -> str:
    match = MatchFactory(programme=programme)
    FollowUpFactory(match=match, due_on=DAY)
    return next_actions(match.mentee, user)[0].text


def cancelling_an_interview(programme, _user, client, _today) -> str:
    """The interview is planned for the day; its page says what cancelling it does."""
    enrolment = EnrolmentFactory(programme=programme)
    InterviewFactory(enrolment=enrolment, held_on=None, planned_on=DAY)
    text = text_of(client.get(reverse("matching:interview-plan", args=[enrolment.pk])))
    return text.rpartition('</button> <span class="grey">')[2].partition("</span>")[0]


def event_that_is_not_counted(programme, _user, _client, today) -> str:
    """An event of the year before the target's period, counted on a day."""
    EventFactory(programme=programme, starts_at=at(DAY, 17), ends_at=at(DAY, 20))
    later = dt.date(2012, 1, 1), dt.date(2012, 12, 31)
    misses = get_indicator("network_events_held").not_counted(programme, *later, {}, today)
    return misses[0].reason


def event_of_the_period(programme, _user, _client, today) -> str:
    """An event in the target's period that has not been held when it is counted."""
    EventFactory(programme=programme, starts_at=at(DAY, 17), ends_at=at(DAY, 23, 59))
    period = dt.date(2011, 1, 1), dt.date(2011, 12, 31)
    misses = get_indicator("network_events_held").not_counted(programme, *period, {}, today)
    return misses[0].reason if misses else ""


TICKING = ("Fremmøde kan krydses af fra den 20. september.", "Attendance can be ticked from 20 September.")


def check_in(programme, _user, client, _today) -> str:
    event = EventFactory(programme=programme, starts_at=at(DAY, 17), ends_at=at(DAY, 20))
    text = text_of(client.get(reverse("events:check-in", args=[event.pk])))
    return next((words for words in TICKING if words in text), "")


def expected_end_of_a_pause(programme, user, _client, _today) -> str:
    """A pause was expected to end on the day."""
    enrolment = EnrolmentFactory(
        programme=programme, status="paused", paused_on=dt.date(2011, 8, 1), paused_until=DAY, waiting_since=None
    )
    EnrolmentPeriod.objects.filter(enrolment=enrolment).update(began_on=dt.date(2011, 8, 1), expected_on=DAY)
    entries = entries_for(enrolment.person, user)
    return next(entry.text for entry in entries if entry.icon == "pause")


def pause_of_a_match(programme, _user, client, _today) -> str:
    """The pause of a match is expected to end on the day, as its page says."""
    match = paused(programme)
    text = text_of(client.get(reverse("matching:match-detail", args=[match.pk])))
    return re.search(r"<b>((På pause siden|On pause since)[^<]*)</b>", text).group(1)


def attention_after_a_pause(programme, user, _client, today) -> str:
    found = attention_items_of(paused(programme), user, today)
    return next((item.sentence for item in found if item.kind == "pause_over"), "")


def paused(programme) -> Match:
    match = MatchFactory(
        programme=programme, status="paused", paused_on=dt.date(2011, 8, 1), paused_until=DAY, agreement_signed_on=DAY
    )
    match.pauses.update(began_on=dt.date(2011, 8, 1), expected_on=DAY)
    return match


def role_on_pause(programme, _user, _client, _today) -> str:
    """The pause of a role is expected to end on the day."""
    return pause_words(EnrolmentFactory(programme=programme, status="paused", paused_until=DAY))


def mentor_who_is_free_later(programme, _user, _client, today) -> str:
    """The mentor is available from the day."""
    mentee = EnrolmentFactory(programme=programme)
    mentor = MentorFactory(programme=programme, available_from=DAY)
    for enrolment in (mentee, mentor):
        InterviewFactory(enrolment=enrolment)
    found = rank_mentors(mentee, today).find(mentor.pk)
    return next((words for words in found.speaks_against if "20" in words), "")


def mentor_who_is_free_much_later(programme, _user, _client, today) -> str:
    """The mentor is available from the day, 90 days after the three days of the table."""
    mentee = EnrolmentFactory(programme=programme)
    mentor = MentorFactory(programme=programme, available_from=DAY)
    for enrolment in (mentee, mentor):
        InterviewFactory(enrolment=enrolment)
    return " ".join(pair_problems(mentor, mentee, today - dt.timedelta(days=90)))


def forecast(programme, _user, _client, today) -> str:
    """The period of a target ends on the day."""
    target = TargetFactory(programme=programme, period_start=dt.date(2011, 1, 1), period_end=DAY)
    text = evaluate_target(target, today).plot().caption().description
    return text[text.rindex(". ", 0, -1) + 2 :]


# By sentence and language: what is read on the day before the date, on it, and after it.
TABLE: list[tuple[Callable, str, tuple[str, str, str]]] = [
    (
        agreed_time,
        "da",
        (
            "Den aftalte tid udløber 20. september. Aftal den afsluttende samtale.",
            "Den aftalte tid udløber i dag. Hold den afsluttende samtale, eller aftal at fortsætte.",
            "Den aftalte tid udløb 20. september. Hold den afsluttende samtale, eller aftal at fortsætte.",
        ),
    ),
    (
        agreed_time,
        "en",
        (
            "The agreed time ends on 20 September. Arrange the closing talk.",
            "The agreed time ends today. Hold the closing talk, or agree to go on.",
            "The agreed time was over on 20 September. Hold the closing talk, or agree to go on.",
        ),
    ),
    (
        harm,
        "da",
        (
            "91 dage. Passerer tre måneder 20. september og et år 20. juni 2012.",
            "92 dage. Passerede tre måneder 20. september og når et år 20. juni 2012.",
            "93 dage. Passerede tre måneder 20. september og når et år 20. juni 2012.",
        ),
    ),
    (
        harm,
        "en",
        (
            "91 days. Passes three months 20 September and a year 20 June 2012.",
            "92 days. Passed three months 20 September, reaches a year 20 June 2012.",
            "93 days. Passed three months 20 September, reaches a year 20 June 2012.",
        ),
    ),
    (
        year,
        "da",
        (
            "364 dage. Passerede tre måneder 20. december 2010 og når et år 20. september.",
            "365 dage. Nåede et år 20. september.",
            "366 dage. Nåede et år 20. september.",
        ),
    ),
    (
        year,
        "en",
        (
            "364 days. Passed three months 20 December 2010, reaches a year 20 September.",
            "365 days. Reached a year 20 September.",
            "366 days. Reached a year 20 September.",
        ),
    ),
    (
        question_about_support,
        "da",
        (
            "Kan spørges ved opfølgningen 20. september.",
            "Kan spørges ved opfølgningen 20. september.",
            "Opfølgningen 20. september er over tiden.",
        ),
    ),
    (
        question_about_support,
        "en",
        (
            "Can be asked at the follow-up 20 September.",
            "Can be asked at the follow-up 20 September.",
            "The follow-up of 20 September is overdue.",
        ),
    ),
    (
        next_follow_up,
        "da",
        (
            "Næste opfølgning 20. september.",
            "Næste opfølgning 20. september.",
            "Den næste opfølgning skulle være sket 20. september.",
        ),
    ),
    (
        next_follow_up,
        "en",
        ("Next follow-up 20 September.", "Next follow-up 20 September.", "The next follow-up was due 20 September."),
    ),
    (
        arranged_meeting,
        "da",
        (
            "Første møde er aftalt til 20. september. Tag med, og lad alle skrive under på aftalen.",
            "Første møde er i dag. Tag med, og lad alle skrive under på aftalen.",
            "Første møde var aftalt til 20. september. Registrer, om det blev holdt.",
        ),
    ),
    (
        arranged_meeting,
        "en",
        (
            "The first meeting is arranged for 20 September. Take part, and let all sign the agreement.",
            "The first meeting is today. Take part, and let all sign the agreement.",
            "The first meeting was arranged for 20 September. Register whether it was held.",
        ),
    ),
    (
        next_action_of_an_arranged_meeting,
        "da",
        ("er aftalt til 20. september.", "er aftalt til 20. september.", "var aftalt til 20. september."),
    ),
    (
        next_action_of_an_arranged_meeting,
        "en",
        ("is arranged for 20 September.", "is arranged for 20 September.", "was arranged for 20 September."),
    ),
    (
        next_action_of_a_follow_up,
        "da",
        ("er planlagt til 20. september.", "er planlagt til 20. september.", "skulle være sket 20. september."),
    ),
    (
        next_action_of_a_follow_up,
        "en",
        ("is planned for 20 September.", "is planned for 20 September.", "should have been done 20 September."),
    ),
    (
        cancelling_an_interview,
        "da",
        (
            "Aftalen 20. september fjernes. Giv personen besked.",
            "Aftalen 20. september fjernes. Giv personen besked.",
            "Aftalen 20. september, som ikke blev holdt, fjernes.",
        ),
    ),
    (
        cancelling_an_interview,
        "en",
        (
            "The appointment on 20 September is removed. Let the person know.",
            "The appointment on 20 September is removed. Let the person know.",
            "The appointment of 20 September, which was not held, is removed.",
        ),
    ),
    (event_that_is_not_counted, "da", ("holdes i 2011", "holdt i 2011", "holdt i 2011")),
    (event_that_is_not_counted, "en", ("will be held in 2011", "held in 2011", "held in 2011")),
    (event_of_the_period, "da", ("holdes 20. september", "holdes 20. september", "")),
    (event_of_the_period, "en", ("will be held on 20 September", "will be held on 20 September", "")),
    (check_in, "da", ("Fremmøde kan krydses af fra den 20. september.", "", "")),
    (check_in, "en", ("Attendance can be ticked from 20 September.", "", "")),
    (
        expected_end_of_a_pause,
        "da",
        ("Forventes til 20. september.", "Forventes til 20. september.", "Var ventet til 20. september."),
    ),
    (
        expected_end_of_a_pause,
        "en",
        ("Expected until 20 September.", "Expected until 20 September.", "Was expected until 20 September."),
    ),
    (
        pause_of_a_match,
        "da",
        (
            "På pause siden 1. august, forventes til 20. september",
            "På pause siden 1. august, forventes til 20. september",
            "På pause siden 1. august, var ventet til 20. september",
        ),
    ),
    (
        pause_of_a_match,
        "en",
        (
            "On pause since 1 August, expected until 20 September",
            "On pause since 1 August, expected until 20 September",
            "On pause since 1 August, was expected until 20 September",
        ),
    ),
    (
        attention_after_a_pause,
        "da",
        (
            "",
            "Pausen ventes at slutte i dag. Spørg de to, om de mødes igen.",
            "Pausen blev ventet at slutte 20. september. Spørg de to, om de mødes igen.",
        ),
    ),
    (
        attention_after_a_pause,
        "en",
        (
            "",
            "The pause is expected to end today. Ask the two whether they meet again.",
            "The pause was expected to end 20 September. Ask the two whether they meet again.",
        ),
    ),
    (
        role_on_pause,
        "da",
        ("På pause til 20. september", "På pause til 20. september", "På pause, var ventet til 20. september"),
    ),
    (
        role_on_pause,
        "en",
        ("On pause until 20 September", "On pause until 20 September", "On pause, was expected until 20 September"),
    ),
    (mentor_who_is_free_later, "da", ("Kan først fra 20. september", "", "")),
    (mentor_who_is_free_later, "en", ("Cannot before 20 September", "", "")),
    (
        mentor_who_is_free_much_later,
        "da",
        ("Birgitte Holm kan først 20. september. Ret datoen først, eller vælg en anden.", "", ""),
    ),
    (
        mentor_who_is_free_much_later,
        "en",
        ("Birgitte Holm is not free until 20 September. Change the day first, or choose another person.", "", ""),
    ),
    (forecast, "da", ("Forventet 20. september 2011: 0.", "Plan for perioden: 25.", "Plan for perioden: 25.")),
    (forecast, "en", ("Expected on 20 September 2011: 0.", "Plan for the period: 25.", "Plan for the period: 25.")),
]


@pytest.mark.parametrize(("read", "language", "expected"), TABLE, ids=lambda value: getattr(value, "__name__", None))
def test_a_sentence_is_right_before_on_and_after_its_day(
    settings, programme, coordinator, client_of, read, language, expected
):
    coordinator.language = language
    coordinator.save()
    found = []
    for offset in (-1, 0, 1):
        today = DAY + dt.timedelta(days=offset)
        settings.DEMO, settings.DEMO_TODAY = True, today.isoformat()
        with translation.override(language), transaction.atomic():
            found.append(read(programme, coordinator, client_of(coordinator), today).replace("\xa0", " "))
            transaction.set_rollback(True)
    assert tuple(found) == expected


def test_the_table_reads_every_sentence_that_depends_on_the_day():
    texts = {text for _read, language, texts in TABLE if language == "en" for text in texts}
    patterns = {text: re.escape(text) for text in BY_DAY}
    patterns = {text: re.sub(r"%\\\(\w+\\\)s", ".+", pattern) for text, pattern in patterns.items()}
    assert [text for text, pattern in patterns.items() if not any(re.search(pattern, one) for one in texts)] == []
