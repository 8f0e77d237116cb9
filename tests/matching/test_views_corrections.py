"""The pages that correct days and records, and the card *Datoer*."""

import datetime as dt

import pytest
from django.urls import reverse

from common.history import moved_figures
from common.models import Act
from demo.factories import ScreeningRequirementFactory, TargetFactory
from matching import services
from matching.models import Match
from people.models import Enrolment
from programmes.enums import ScreeningKind
from reporting.evaluation import evaluate_target
from tests.matching.conftest import ready_mentee, ready_mentor, text_of, url

REASON = "De mødtes mellem jul og nytår."


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture
def both_years(programme):
    """A target of 2010 and one of 2011 for matches."""
    return [
        TargetFactory(
            programme=programme,
            label=f"Match {year}",
            period_start=dt.date(year, 1, 1),
            period_end=dt.date(year, 12, 31),
        )
        for year in (2010, 2011)
    ]


def figures(targets) -> list[int]:
    return [evaluate_target(target, day("2011-09-15")).value for target in targets]


def test_a_match_of_december_counts_in_the_old_year(staff, programme, both_years):
    mentee, mentor = ready_mentee(programme), ready_mentor(programme)
    response = staff.post(
        reverse("matching:desk-propose", args=[mentee.pk, mentor.pk]),
        {"on": "14/12", "started_on": "28/12", "hours": "1"},
    )
    match = Match.objects.get()
    assert response.url == url("match-detail", match.pk)
    assert (match.proposed_on, match.started_on) == (day("2010-12-14"), day("2010-12-28"))
    assert figures(both_years) == [1, 0]


def test_a_running_match_out_of_order_shows_the_error_in_its_open_part(staff, programme):
    mentee, mentor = ready_mentee(programme), ready_mentor(programme)
    response = staff.post(
        reverse("matching:desk-propose", args=[mentee.pk, mentor.pk]), {"on": "5/1-11", "started_on": "28/12-10"}
    )
    assert (response.status_code, Match.objects.count()) == (200, 0)
    assert "Matchet blev foreslået 5. januar. Dagen kan ikke ligge før." in text_of(response)
    assert '<details class="met-already" open>' in text_of(response)


def test_the_card_shows_when_each_day_was_written_in(staff, active, coordinator):
    services.correct_match_days(active, by=coordinator, reason=REASON, started_on=day("2011-06-27"))
    lines = staff.get(url("match-detail", active.pk)).context["page"].days
    assert [(line.label, line.day, line.written.replace("\xa0", " ")) for line in lines] == [
        ("Match foreslået", day("2011-06-20"), "15. september af Mette Sørensen"),
        ("Mentee sagde ja", day("2011-06-21"), "15. september af Mette Sørensen"),
        ("Mentor sagde ja", day("2011-06-21"), "15. september af Mette Sørensen"),
        ("Første møde", day("2011-06-27"), "15. september af Mette Sørensen · rettet"),
        ("Aftale underskrevet", day("2011-06-28"), "15. september af Mette Sørensen"),
    ]


def test_a_match_without_a_journal_has_days_all_the_same(staff, match):
    lines = staff.get(url("match-detail", match.pk)).context["page"].days
    assert [(line.label, line.written) for line in lines] == [("Match foreslået", ""), ("Første møde", "")]


def test_the_end_of_a_match_is_corrected_with_the_other_days(staff, active, coordinator):
    services.end_match(
        active, by=coordinator, on=day("2011-09-01"), reason="moved", mentor_next="waiting", mentee_next="ended"
    )
    last = staff.get(url("match-detail", active.pk)).context["page"].days[-1]
    page = url("match-days", active.pk)
    assert (last.label, last.day, last.url) == ("Match afsluttet", day("2011-09-01"), f"{page}?felt=slut")
    staff.post(page, {"shown": "ended_on", "ended_on": "28/8-11", "reason": REASON})
    active.refresh_from_db()
    assert active.ended_on == day("2011-08-28")


def test_one_day_is_corrected_with_a_reason_that_the_history_shows(staff, active, both_years):
    page = url("match-days", active.pk)
    assert staff.get(page, {"felt": "start"}).context["form"].day_names == ["started_on"]
    response = staff.post(page, {"shown": "started_on", "started_on": "27/6-11", "reason": REASON}, follow=True)
    assert "Datoerne er rettet. Det tæller i 2011." in text_of(response)
    active.refresh_from_db()
    assert active.started_on == day("2011-06-27")
    history = text_of(staff.get(reverse("history", args=["matching", "match", active.pk])))
    assert f"Begrundelse: {REASON}" in history
    assert "Det tæller i 2011." in history
    assert figures(both_years) == [0, 1]


def test_the_earlier_day_in_the_way_is_added_to_the_form(staff, active, both_years):
    """The whole match was registered on the wrong days: one reason corrects them, day after day."""
    page = url("match-days", active.pk)
    typed = {"shown": "started_on", "started_on": "28-12-2010", "reason": REASON}
    for number, name in enumerate(("proposed_on", "mentee_said_yes_on", "mentor_said_yes_on")):
        response = staff.post(page, typed)
        form = response.context["form"]
        assert response.status_code == 200
        assert len(form.day_names) == number + 2
        assert form[name].value() == {"proposed_on": "20-06-2011"}.get(name, "21-06-2011")
        assert form["reason"].value() == REASON
        typed |= {"shown": form["shown"].value(), name: "14-12-2010"}
    response = staff.post(page, typed, follow=True)
    text = text_of(response)
    assert "Det tæller i 2010 i stedet for 2011. Resultatmål, der ændrer sig: Match 2010, Match 2011." in text
    assert figures(both_years) == [1, 0]
    assert Act.objects.filter(name="correct_match_days").count() == 1


def test_the_page_says_beforehand_which_figures_move(staff, active, both_years):
    page = url("match-days", active.pk)
    asked = {"vis": "virkning", "shown": "started_on", "felt": "started_on"}
    moved = text_of(staff.get(page, asked | {"started_on": "28-12-2010"}))
    assert "Det tæller i 2010 i stedet for 2011." in moved
    assert text_of(staff.get(page, asked | {"started_on": "28-06-2011"})) == ""
    assert text_of(staff.get(page, asked | {"started_on": "snart"})) == ""


def test_a_correction_without_a_reason_keeps_what_was_typed(staff, active):
    response = staff.post(url("match-days", active.pk), {"shown": "started_on", "started_on": "27/6-11", "reason": ""})
    assert response.context["form"].errors == {"reason": ["Feltet skal udfyldes."]}
    assert response.context["form"]["started_on"].value() == "27/6-11"


def test_a_refused_start_leads_to_the_correction_of_the_proposal(staff, agreed):
    response = staff.post(url("match-start", agreed.pk), {"on": "19-06-2011", "hours": "1"})
    start = url("match-start", agreed.pk)
    link = f'<a href="{url("match-days", agreed.pk)}?felt=foreslaaet&amp;next={start}">Ret datoen: Match foreslået</a>'
    assert link in text_of(response)


def test_a_meeting_is_corrected_on_its_own_page(staff, active, coordinator):
    meeting = services.record_meeting(active, by=coordinator, held_on=day("2011-07-05"), hours=20)
    assert f'href="{url("meeting-correct", meeting.pk)}' in staff.get(url("meeting-list", active.pk)).content.decode()
    form = staff.get(url("meeting-correct", meeting.pk)).context["form"]
    assert (form["held_on"].value(), form["hours"].value()) == ("05-07-2011", 20)
    values = {"held_on": "6/7-11", "hours": "2", "note": "", "reason": "Der stod et nul for meget."}
    response = staff.post(url("meeting-correct", meeting.pk), values | {"next": url("meeting-list", active.pk)})
    assert response.url == url("meeting-list", active.pk)
    meeting.refresh_from_db()
    assert (meeting.held_on, meeting.hours) == (day("2011-07-06"), 2)


def test_a_follow_up_and_an_outcome_are_corrected_on_their_own_pages(staff, active, coordinator):
    follow_up = active.follow_ups.get(side="mentor")
    assert staff.get(url("follow-up-correct", follow_up.pk)).status_code == 404
    services.record_follow_up(follow_up, by=coordinator, on=day("2011-07-12"), channel="phone", mood="good")
    page = url("follow-up-correct", follow_up.pk)
    assert staff.get(page).context["form"]["on"].value() == "12-07-2011"
    values = {"on": "11-07-2011", "channel": "sms", "mood": "hard", "reason": REASON}
    assert staff.post(page, values).url == url("match-detail", active.pk)
    follow_up.refresh_from_db()
    assert (follow_up.done_on, follow_up.channel, follow_up.mood) == (day("2011-07-11"), "sms", "hard")

    outcome = services.record_outcome(active, by=coordinator, kind="job", on=day("2011-07-03"))
    values = {"kind": "internship", "on": "02-07-2011", "note": "Netto", "told_by": "", "reason": REASON}
    assert staff.post(url("outcome-correct", outcome.pk), values).url == url("match-detail", active.pk)
    outcome.refresh_from_db()
    assert (outcome.kind, outcome.on, outcome.note) == ("internship", day("2011-07-02"), "Netto")


def test_the_day_of_a_yes_can_be_written_and_is_checked(staff, proposed):
    page = staff.get(url("match-detail", proposed.pk))
    assert 'name="on" value="15-09-2011" aria-label="Den dag, Birgitte Holm sagde ja"' in text_of(page)
    response = staff.post(url("match-answer", proposed.pk, "mentor"), {"on": "1/6-11"})
    assert response.context["form"].errors == {"on": ["Matchet blev foreslået 20.\xa0juni. Dagen kan ikke ligge før."]}
    assert text_of(response).count("Birgitte Holm siger ja") == 2
    staff.post(url("match-answer", proposed.pk, "mentor"), {"on": "21/6"})
    proposed.refresh_from_db()
    assert proposed.mentor_said_yes_on == day("2011-06-21")


def test_a_recruitment_moves_its_targets_too(programme, mentee):
    TargetFactory(programme=programme, label="Mentee 2011", indicator="mentees_recruited")
    changes = {"applied_on": (mentee.applied_on, day("2010-12-28"))}
    assert moved_figures(Enrolment.objects.get(pk=mentee.pk), changes) == [
        "Det tæller i 2010 i stedet for 2011.",
        "Resultatmål, der ændrer sig: Mentee 2011.",
    ]


def test_an_interview_and_a_check_are_corrected_on_their_own_pages(staff, mentor, coordinator):
    check = services.record_check(
        mentor, by=coordinator, kind="criminal_record", outcome="approved", checked_on=day("2011-03-10")
    )
    person = reverse("people:person-detail", args=[mentor.person_id])
    page = url("check-correct", check.pk)
    assert staff.get(page).context["form"]["checked_on"].value() == "10-03-2011"
    response = staff.post(page, {"outcome": "approved", "checked_on": "1/3-11", "note": "", "reason": REASON})
    assert response.url == person
    check.refresh_from_db()
    assert check.checked_on == day("2011-03-01")

    interview = mentor.interviews.get()
    response = staff.post(url("interview-correct", interview.pk), {"held_on": "2/3-11", "reason": REASON})
    assert response.url == person
    interview.refresh_from_db()
    assert interview.held_on == day("2011-03-02")


def test_the_card_of_checks_leads_to_their_correction(staff, mentor, coordinator):
    ScreeningRequirementFactory(programme=mentor.programme, kind=ScreeningKind.CRIMINAL_RECORD)
    check = services.record_check(
        mentor, by=coordinator, kind="criminal_record", outcome="pending", checked_on=day("2011-03-10")
    )
    text = text_of(staff.get(reverse("people:person-detail", args=[mentor.person_id])))
    link = f'<a href="{url("check-correct", check.pk)}" aria-label="Ret: Straffeattest">Ret</a>'
    assert f"10. marts 2011 Undervejs {link}" in text


def test_a_day_before_the_programme_or_a_birth_is_asked_about_once(staff, proposed):
    programme, mentee = proposed.programme, proposed.mentee
    programme.starts_on = day("2011-06-21")
    programme.save()
    mentee.birth_date = day("2011-06-22")
    mentee.save()
    page = url("match-days", proposed.pk)
    for typed, question in (
        ("20-05-2011", "Mentornetværket Tingbjerg begyndte 21. juni 2011. Dagen ligger før."),
        ("21-06-2011", "Hodan Warsame er født 22. juni 2011. Dagen ligger før."),
    ):
        values = {"shown": "proposed_on", "proposed_on": typed, "reason": REASON}
        form = staff.post(page, values).context["form"]
        sentences = [text.replace("\xa0", " ") for text in form.errors["proposed_on"]]
        assert sentences == [f"{question} Send formularen igen, hvis dagen er rigtig."]
        assert staff.post(page, values | {"sure": form["sure"].value()}).status_code == 302
        proposed.refresh_from_db()
        assert f"{proposed.proposed_on:%d-%m-%Y}" == typed
