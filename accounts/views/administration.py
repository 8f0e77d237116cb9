"""Administration of users: invitation, role, sign-in, second factor."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, OuterRef, When
from django.db.models.functions import Collate
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, ListView, TemplateView, View

from accounts import services
from accounts.export_base import ListExportMixin
from accounts.exports import USERS
from accounts.forms import InvitationForm, MembershipRoleForm
from accounts.models import AccessRecord, Membership
from accounts.open_work import hand_over_url, open_work_of
from accounts.roles import VERBS_OF_ROLE, Verb, role_may
from accounts.views.tasks import queue_state
from accounts.views_base import ScopedObjectMixin, VerbRequiredMixin
from common.danish_order import DANISH
from common.editing import EditFormMixin
from common.once import run_once
from common.toasts import show_toast
from tasks.models import Task


class AdministrationView(VerbRequiredMixin, TemplateView):
    """The start page of administration, with links to its pages."""

    verb = Verb.MANAGE_USERS
    template_name = "accounts/administration.html"

    def get_context_data(self, **kwargs):
        members = Membership.objects.visible_to(self.request.user)
        newest = AccessRecord.objects.visible_to(self.request.user).select_related("user").first()
        user_count = members.values("user").distinct().count()
        return super().get_context_data(
            **kwargs, user_count=user_count, newest=newest, **queue_state(self.request.user)
        )


def invitation_mails(members: Iterable[Membership]) -> dict[int, Task]:
    """Return the last invitation mail of each invited member, by the id of the membership. One query, if any."""
    keys = {member.invitation_key: member.pk for member in members if member.is_invited}
    tasks = Task.objects.filter(key__in=keys).order_by("pk") if keys else []
    return {keys[task.key]: task for task in tasks}


class MemberRowsMixin(VerbRequiredMixin):
    """The memberships of the branches in which the user manages users."""

    verb = Verb.MANAGE_USERS

    def get_members(self):
        app = Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.TOTP)
        rows = Membership.objects.visible_to(self.request.user, self.verb).select_related("user", "branch")
        rows = rows.annotate(has_second_factor=Exists(app))
        # The order must not reveal what the branch may not know of a user who has not accepted.
        is_active = Case(When(accepted_at=None, then=True), default="user__is_active")
        shown_name = Collate(Case(When(accepted_at=None, then="invited_as"), default="user__name"), DANISH)
        return rows.order_by("branch__name", is_active.desc(), shown_name, "pk")


class UserListView(MemberRowsMixin, ListView):
    template_name = "accounts/user_list.html"
    context_object_name = "members"

    def get_queryset(self):
        return self.get_members()

    def get_context_data(self, **kwargs):
        branches = self.request.user.branch_ids_for(self.verb)
        context = super().get_context_data(**kwargs, has_several_branches=len(branches) > 1)
        mails = invitation_mails(context["members"])
        return context | {
            "rows": [(member, mails.get(member.pk)) for member in context["members"]],
            "has_invited": any(member.is_invited for member in context["members"]),
        }


class UserExportView(ListExportMixin, MemberRowsMixin, View):
    export = USERS
    list_url_name = "accounts:user-list"
    subject = Membership._meta.label_lower
    verb = Verb.MANAGE_USERS

    def get_rows(self):
        return self.get_members()


def member_url(member: Membership) -> str:
    """Return the address of the row of a member in the list."""
    return f"{reverse('accounts:user-list')}#bruger-{member.pk}"


class InviteView(VerbRequiredMixin, FormView):
    verb = Verb.MANAGE_USERS
    form_class = InvitationForm
    template_name = "accounts/invite.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_initial(self):
        return {"branch": self.request.membership.branch_id, "role": "coordinator"}

    def form_valid(self, form):
        data = form.cleaned_data
        try:
            url = run_once(data.pop("once"), lambda: self.invite(data))
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        return HttpResponseRedirect(url)

    def invite(self, data) -> str:
        """Return the address of the row that shows what becomes of the e-mail; a toast would promise too much."""
        member = services.invite_user(**data, by=self.request.user, build_url=self.request.build_absolute_uri)
        return member_url(member)


class MemberMixin(ScopedObjectMixin):
    verb = Verb.MANAGE_USERS

    def get_queryset(self):
        return Membership.objects.select_related("user", "branch")


class UserDetailView(EditFormMixin, MemberMixin, FormView):
    """A user in a branch: the role, and the buttons for sign-in and second factor."""

    form_class = MembershipRoleForm
    template_name = "accounts/user_detail.html"

    @cached_property
    def member(self) -> Membership:
        return self.get_object()

    def edit_forms(self, data):
        return [self.form_class(data, initial=self.get_initial())]

    def edited_record(self) -> Membership:
        return self.member

    def get_initial(self):
        return {"role": self.member.role}

    def form_valid(self, form):
        try:
            services.change_role(self.member, role=form.cleaned_data["role"], by=self.request.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        words = {"name": self.member.shown_name, "role": self.member.get_role_display().lower()}
        show_toast(self.request, _("%(name)s is now %(role)s.") % words)
        work = [] if role_may(self.member.role, Verb.WORK_CASES) else open_work_of(self.member, self.request.user)
        own_url = reverse("accounts:user-detail", args=[self.member.pk])
        return HttpResponseRedirect(hand_over_url(work) or own_url)

    def get_context_data(self, **kwargs):
        user, work = self.member.user, open_work_of(self.member, self.request.user)
        return super().get_context_data(
            **kwargs,
            member=self.member,
            is_oneself=user.pk == self.request.user.pk,
            mail=invitation_mails([self.member]).get(self.member.pk),
            open_work=work,
            hand_over_url=hand_over_url(work),
            has_second_factor=Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
            roles=VERBS_OF_ROLE,
        )


class UserActView(MemberMixin, View):
    """A button on a user's page: runs one service and shows a toast.

    After an act that ends the user's work in the branch, the page that hands over what is under way follows.
    """

    http_method_names = ["post", "options"]
    acts = {  # the last part of the address
        "stop": services.disable_user,
        "aabn": services.enable_user,
        "nulstil-kode": services.reset_second_factor,
        "fjern": services.end_membership,
        "inviter": services.resend_invitation,
    }
    ending = {"stop", "fjern"}

    def post(self, request, pk, act):
        member = self.get_object()
        service, work = self.acts[act], open_work_of(member, request.user) if act in self.ending else []
        options = {"build_url": request.build_absolute_uri} if act == "inviter" else {}
        try:
            service(member, by=request.user, **options)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(self.get_detail_url())
        if act == "inviter":  # its row shows what becomes of the e-mail
            return HttpResponseRedirect(member_url(member))
        show_toast(request, self.confirmation(act) % {"name": member.shown_name, "branch": member.branch})
        own_url = reverse("accounts:user-list") if act == "fjern" else self.get_detail_url()
        return HttpResponseRedirect(hand_over_url(work) or own_url)

    def get_detail_url(self) -> str:
        return reverse("accounts:user-detail", args=[self.kwargs["pk"]])

    @staticmethod
    def confirmation(act: str) -> str:
        return {
            "stop": _("%(name)s can no longer sign in."),
            "aabn": _("%(name)s can sign in again."),
            "nulstil-kode": _("The second factor of %(name)s is reset."),
            "fjern": _("%(name)s is removed from %(branch)s."),
        }[act]
