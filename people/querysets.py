from django.db.models import OuterRef, Prefetch, Q, Subquery

from common.scoping import ScopedQuerySet
from common.searching import words_to_find
from people.enums import EnrolmentStatus, TransferState

MOST_GUESTS = 1000


class PersonQuerySet(ScopedQuerySet):
    def listed_for(self, user, verb: str, branch_id: int):
        """Return ``visible_to(user, verb).in_branches([branch_id])`` in a form that sorts fast. Runs one query.

        Guests of the branch, who belong to another and are only enrolled here, are few and are looked up first. The
        rest is one home branch, so the index on branch and name gives the first page without reading other rows.
        """
        if branch_id not in user.branch_ids_for(verb):
            return self.visible_to(user, verb).in_branches([branch_id])
        guests = self.model._base_manager.filter(enrolments__programme__branch=branch_id).exclude(home_branch=branch_id)
        ids = set(guests.values_list("pk", flat=True).distinct()[: MOST_GUESTS + 1])
        if len(ids) > MOST_GUESTS:
            return self.in_branches([branch_id])
        at_home = Q(home_branch=branch_id)
        return self.filter(at_home | Q(pk__in=ids) if ids else at_home)

    def search(self, text: str):
        """Return the people whose name, case number, e-mail or phone contains every word, read as these are stored."""
        rows = self
        for word in words_to_find(text):
            rows = rows.filter(search_text__contains=word)
        return rows

    def for_table(self, enrolments):
        """Prefetch what a row of the list shows: ``enrolments`` as ``shown_enrolments``, languages, longest wait."""
        waiting = enrolments.filter(person=OuterRef("pk"), status=EnrolmentStatus.WAITING).order_by("wait_counted_from")
        spoken = self.model._meta.get_field("languages").related_model.objects.select_related("language")
        shown = enrolments.prefetch_related(Prefetch("terms", to_attr="term_list"))
        return (
            self.select_related("organisation")
            .prefetch_related(
                Prefetch("languages", spoken, to_attr="spoken"),
                Prefetch("enrolments", shown, to_attr="shown_enrolments"),
            )
            .annotate(waiting_from=Subquery(waiting.values("wait_counted_from")[:1]))
        )

    def for_list(self):
        """Prefetch what the short lists show of a person."""
        return self.select_related("home_branch", "organisation").prefetch_related(
            "enrolments__programme__branch", "languages__language"
        )


class TransferQuerySet(ScopedQuerySet):
    def waiting_for(self, branch_id: int):
        """The transfers that wait for the answer of a branch."""
        return self.filter(to_branch=branch_id, state=TransferState.OPEN)


class EnrolmentQuerySet(ScopedQuerySet):
    def mentees(self):
        return self.filter(role="mentee")

    def waiting(self):
        """Interviewed and ready, not matched."""
        return self.filter(status=EnrolmentStatus.WAITING)

    def pause_over(self, on):
        """Roles on pause whose pause was expected to end by a day, the longest over first."""
        rows = self.filter(status=EnrolmentStatus.PAUSED, paused_until__lte=on)
        return rows.select_related("person", "programme").order_by("paused_until", "pk")

    def longest_waiting_first(self):
        return self.order_by("wait_counted_from", "pk")


class DraftQuerySet(ScopedQuerySet):
    """Drafts are visible to the user who typed them, and to no one else."""

    def visible_to(self, user, verb=None):
        return super().visible_to(user, verb).filter(created_by=user)

    def known_to(self, user):
        return super().known_to(user).filter(created_by=user)
