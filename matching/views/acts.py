"""Views of the acts on a match: answer, sign, pause, resume, end, reopen, withdraw."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common import clock
from matching.forms import (
    AgreementForm,
    DeclineForm,
    EndMatchForm,
    MatchPauseForm,
    ReopenForm,
    ResumeForm,
    SaidYesForm,
    WithdrawForm,
)
from matching.rules.pairs import has_full_mentor
from matching.services import (
    ClosingTalk,
    NewOutcome,
    answer_match,
    decline_match,
    end_match,
    pause_match,
    reopen_match,
    resume_match,
    sign_agreement,
    withdraw_match,
)
from matching.views.base import MatchFormView
from people.display import name_with_state


class SideFormView(MatchFormView):
    """A form about one side of a match."""

    @property
    def person(self):
        return getattr(self.object, self.kwargs["side"])


class MatchAnswerView(SideFormView):
    """*Sagde ja*: one side accepts the proposal, on a day that the page of the match asks for."""

    form_class = SaidYesForm
    button = gettext_lazy("Register the yes")

    def get_heading(self):
        return _("%(name)s says yes") % {"name": name_with_state(self.person)}

    def act(self, data):
        on = data["on"] or clock.today()
        answer_match(self.object, side=self.kwargs["side"], said_yes=True, by=self.request.user, on=on)

    def toast(self):
        return _("%(name)s's yes is registered.") % {"name": self.person.name}


class MatchDeclineView(SideFormView):
    """*Sagde nej*: one side declines the match."""

    form_class = DeclineForm
    button = gettext_lazy("Register the no")

    def get_heading(self):
        return _("%(name)s says no") % {"name": name_with_state(self.person)}

    def get_lead(self):
        return _("The match is declined. Both are free again and keep their place on the waiting list.")

    def act(self, data):
        decline_match(self.object, by=self.request.user, on=data["on"], side=self.kwargs["side"], note=data["note"])

    def toast(self):
        return _("%(name)s's no is registered.") % {"name": self.person.name}


class MatchSignView(MatchFormView):
    form_class = AgreementForm
    heading = gettext_lazy("Agreement signed")
    button = gettext_lazy("Save")
    lead = gettext_lazy("All have signed how often and how long the two meet, and who does what.")

    def act(self, data):
        sign_agreement(self.object, by=self.request.user, on=data["on"])

    def toast(self):
        return _("The agreement is registered.")


class MatchPauseView(MatchFormView):
    form_class = MatchPauseForm
    heading = gettext_lazy("Put on pause")
    button = gettext_lazy("Put on pause")
    lead = gettext_lazy("The match and its plan are kept. No follow-up is due until the two meet again.")

    def act(self, data):
        pause_match(self.object, by=self.request.user, on=data["on"], note=data["note"], until=data["until"])

    def toast(self):
        return _("The match is on pause.")


class MatchResumeView(MatchFormView):
    form_class = ResumeForm
    heading = gettext_lazy("Resume the match")
    button = gettext_lazy("Resume")

    @cached_property
    def missed(self) -> int:
        """How many follow-ups have fallen in the pause."""
        since = self.object.paused_on or clock.today()
        rows = self.object.follow_ups.open().filter(due_on__gte=since, due_on__lt=clock.today())
        return rows.count()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"missed": self.missed}

    def get_lead(self):
        if not self.missed:
            return _("The two meet again. No follow-up has fallen in the pause.")
        words = ngettext(
            "The two meet again. %(count)s follow-up has fallen in the pause.",
            "The two meet again. %(count)s follow-ups have fallen in the pause.",
            self.missed,
        )
        return words % {"count": self.missed}

    def act(self, data):
        resume_match(self.object, by=self.request.user, on=data["on"], note=data["note"], plan=data["plan"])

    def toast(self):
        return _("The match runs again.")


class MatchEndView(MatchFormView):
    form_class = EndMatchForm
    template_name = "matching/match_end.html"
    heading = gettext_lazy("End the match")
    button = gettext_lazy("End the match")

    def get_lead(self):
        ahead = self.object.follow_ups.filter(done_on__isnull=True, due_on__gt=clock.today()).count()
        if not ahead:
            return _("What is registered stays.")
        words = ngettext(
            "%(count)s follow-up ahead is removed. What is registered stays.",
            "%(count)s follow-ups ahead are removed. What is registered stays.",
            ahead,
        )
        return words % {"count": ahead}

    def act(self, data):
        end_match(
            self.object,
            by=self.request.user,
            on=data["on"],
            reason=data["reason"],
            note=data["note"],
            mentee_talk=ClosingTalk(data["mentee_talk_on"], data["mentee_talk_note"]),
            mentor_talk=ClosingTalk(data["mentor_talk_on"], data["mentor_talk_note"]),
            outcomes=[NewOutcome(kind, data["outcome_note"], data["outcome_told_by"]) for kind in data["outcomes"]],
            mentor_next=data["mentor_next"],
            mentee_next=data["mentee_next"],
        )

    def toast(self):
        return _("The match has ended.")


class MatchReopenView(MatchFormView):
    form_class = ReopenForm
    heading = gettext_lazy("Reopen the match")
    button = gettext_lazy("Reopen")
    lead = gettext_lazy("The match runs again with the rest of its plan. Both leave the waiting list.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"is_mentor_full": has_full_mentor(self.object)}

    def act(self, data):
        reopen_match(
            self.object,
            by=self.request.user,
            on=data["on"],
            note=data["note"],
            over_capacity_reason=data.get("over_capacity_reason", ""),
        )

    def toast(self):
        return _("The match runs again.")


class MatchWithdrawView(MatchFormView):
    form_class = WithdrawForm
    heading = gettext_lazy("Withdraw the match")
    button = gettext_lazy("Withdraw the match")
    is_danger = True

    def get_lead(self):
        words = _("For a match made by mistake. It never counts, in no figure and no report.")
        back = _("Both are back on the waiting list from their first day on it, and what is still due is removed.")
        kept = _("Registered meetings and talks stay readable.")
        return f"{words} {back} {kept}"

    def act(self, data):
        withdraw_match(self.object, by=self.request.user, note=data["note"])

    def toast(self):
        return _("The match is withdrawn.")
