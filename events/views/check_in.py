"""Check-in at the door: tick and undo attendance, add people, count guests. Works without JavaScript."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Verb
from common import clock
from common.lists import SEARCH_KEY
from common.templatetags.danish import at_time
from common.toasts import show_toast
from events import services
from events.enums import AttendanceStatus
from events.filters import NameSearchForm
from events.forms import GuestCountForm
from events.lists import ON_LIST, with_words
from events.views.base import EventView
from events.views.places import candidates_for, wanted_person
from people.models import Person


class CheckInSegment(TextChoices):
    """Segments of the check-in list, as named in the address."""

    MISSING = "mangler", gettext_lazy("Missing")
    CAME = "kommet", gettext_lazy("Came")
    ALL = "alle", gettext_lazy("All")


class CheckInBaseView(EventView):
    """Base of the check-in views, for users of the branch that holds the event."""

    verb = Verb.WORK_EVENTS
    host_only = True

    def figures(self) -> dict:
        """Return the numbers of people who came, are missing and are on the list."""
        statuses = list(self.attendances.filter(status__in=ON_LIST).values_list("status", flat=True))
        came = statuses.count(AttendanceStatus.ATTENDED)
        return {"came": came, "missing": len(statuses) - came, "total": len(statuses)}

    def redirect_to_list(self):
        return redirect("events:check-in", self.event.pk)

    def show_undo_toast(self, row) -> None:
        text = _("%(person)s came %(at)s") % {"person": row.person, "at": at_time(row.came_at)}
        show_toast(self.request, text, undo_url=reverse("events:check-in-undo", args=[self.event.pk, row.pk]))


class CheckInView(CheckInBaseView):
    """The list by name, filtered by segment and search."""

    template_name = "events/check_in.html"

    def get(self, request, *args, **kwargs):
        search = NameSearchForm(request.GET)
        words = search.cleaned_data[SEARCH_KEY] if search.is_valid() else ""
        wanted = request.GET.get("vis", "")
        shown = wanted if wanted in CheckInSegment.values else CheckInSegment.MISSING
        rows = with_words(self.rows(shown, words), self.event)
        self.log_list("check_in_shown", len(rows))
        figures = self.figures()
        context = self.get_context_data(
            rows=rows,
            words=words,
            shown=shown,
            segments=segments(figures, shown),
            is_focused=True,
            may_check_in=self.event.may_check_in(clock.today()),
            **figures,
        )
        if request.htmx:
            self.template_name = "events/_check_in_list.html"
        return self.render_to_response(context)

    def rows(self, shown: str, words: str):
        statuses = {
            CheckInSegment.MISSING: [AttendanceStatus.SIGNED_UP, AttendanceStatus.ABSENT],
            CheckInSegment.CAME: [AttendanceStatus.ATTENDED],
        }.get(shown, ON_LIST)
        rows = self.attendances.filter(status__in=statuses).for_list().by_name()
        if words:
            rows = rows.filter(person__in=Person.objects.filter(attendances__event=self.event).search(words))
        return rows


def segments(figures: dict, shown: str) -> list[dict]:
    """Return the segments with their counts."""
    counts = {
        CheckInSegment.MISSING: figures["missing"],
        CheckInSegment.CAME: figures["came"],
        CheckInSegment.ALL: figures["total"],
    }
    return [{"name": name, "count": count, "is_current": name == shown} for name, count in counts.items()]


class CheckInActView(CheckInBaseView):
    """An act at the door. Answers htmx with the changed fragment, other requests with a redirect to the list."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            return self.act()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.redirect_to_list() if not request.htmx else self.reload()

    def reload(self):
        response = render(self.request, "events/_check_in_answer.html", {})
        response["HX-Redirect"] = reverse("events:check-in", args=[self.event.pk])
        return response

    def answer_row(self, row):
        if not self.request.htmx:
            return self.redirect_to_list()
        rows = with_words(self.attendances.for_list().filter(pk=row.pk), self.event)
        shown = self.request.POST.get("vis", CheckInSegment.MISSING)
        figures = self.figures()
        context = self.get_context_data(
            row=rows[0],
            shown=shown,
            segments=segments(figures, shown),
            may_check_in=True,
            is_answer=True,
            **figures,
        )
        return render(self.request, "events/_check_in_answer.html", context)


class TickView(CheckInActView):
    """Register that a person came."""

    def act(self):
        row = services.tick_attendance(self.get_attendance(), by=self.request.user)
        self.show_undo_toast(row)
        return self.answer_row(row)


class UndoTickView(CheckInActView):
    """Undo the check-in of a person."""

    def act(self):
        row = self.get_attendance()
        person = row.person
        left = services.undo_attendance(row, by=self.request.user)
        if left is None or left.status != AttendanceStatus.SIGNED_UP:
            show_toast(self.request, _("%(person)s is no longer on the list of those who came.") % {"person": person})
            return self.redirect_to_list() if not self.request.htmx else self.reload()
        return self.answer_row(left)


class AddParticipantView(CheckInBaseView):
    """Find a person who had not signed up by name, and register that they came."""

    template_name = "events/add_participant.html"

    def get(self, request, *args, **kwargs):
        search = NameSearchForm(request.GET)
        words = search.cleaned_data[SEARCH_KEY] if search.is_valid() else ""
        context = self.get_context_data(
            words=words, candidates=candidates_for(self, words), search=search, is_focused=True, is_at_door=True
        )
        if request.htmx:
            self.template_name = "events/_candidates.html"
        return self.render_to_response(context)

    def post(self, request, *args, **kwargs):
        try:
            row = services.add_participant(self.event, by=request.user, person=wanted_person(self))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.redirect_to_list()
        self.show_undo_toast(row)
        return self.redirect_to_list()


class GuestCountView(CheckInActView):
    """Change the number of guests without names by one, or set it."""

    def act(self):
        form = GuestCountForm(self.request.POST)
        if not form.is_valid():
            raise ValidationError(_("Write a number from 0 to 10,000."))
        if form.cleaned_data["change"] is not None:
            services.change_unnamed_guests(self.event, by=self.request.user, change=form.cleaned_data["change"])
        else:
            services.set_unnamed_guests(self.event, by=self.request.user, count=form.cleaned_data["count"])
        if not self.request.htmx:
            return self.redirect_to_list()
        self.event.refresh_from_db(fields=["unnamed_guests"])
        return render(self.request, "events/_guest_count.html", self.get_context_data(may_check_in=True))


class MarkAbsentView(CheckInActView):
    """Register everyone who has not come as absent."""

    def act(self):
        count = services.mark_absent(self.event, by=self.request.user)
        text = ngettext(
            "%(count)s person is registered as not come.", "%(count)s people are registered as not come.", count
        )
        undo_url = reverse("events:undo-absent", args=[self.event.pk])
        show_toast(self.request, text % {"count": count}, undo_url=undo_url)
        return redirect("events:event-detail", self.event.pk)


class UndoAbsentView(CheckInActView):
    """Undo the registration of absent people."""

    def act(self):
        services.undo_absent(self.event, by=self.request.user)
        return redirect("events:event-detail", self.event.pk)
