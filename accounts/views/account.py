"""The user's own account, and the choices of the user menu: branch, theme, language."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.generic import TemplateView, UpdateView, View

from accounts.attempts import remember_device
from accounts.forms import BranchChoiceForm, LanguageChoiceForm, ProfileForm, ThemeChoiceForm
from accounts.middleware import ACTIVE_BRANCH_KEY, can_be_renewed, seconds_left
from accounts.models import Membership, User
from accounts.services import accept_code, accept_invitation, decline_invitation, update_profile
from common.editing import EditFormMixin
from common.forms.words import describe_fields
from common.kept_posts import drop_used, kept_posts_path, kept_words
from common.toasts import show_toast

YEAR = 60 * 60 * 24 * 365


def next_url(request) -> str:
    """Return the address in ``next`` if it belongs to this site, otherwise that of the start page."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse(settings.LOGIN_REDIRECT_URL)


class ProfileView(EditFormMixin, UpdateView):
    """Name, phone, language, theme, and links to password and second factor."""

    form_class = ProfileForm
    template_name = "accounts/profile.html"
    success_url = reverse_lazy("accounts:profile")

    def get_object(self, queryset=None):
        # A copy, so that an invalid form does not change the name in the frame.
        return User.objects.get(pk=self.request.user.pk)

    def edit_forms(self, data):
        return [self.form_class(data, instance=self.get_object())]

    def edited_record(self) -> User:
        return self.get_object()

    def rows_to_lock(self):
        return [User.objects.filter(pk=self.request.user.pk)]

    def form_valid(self, form):
        user = update_profile(self.request.user, **form.cleaned_data)
        with override(user.language):
            show_toast(self.request, _("Your details are saved."))
        return HttpResponseRedirect(self.success_url)

    def get_context_data(self, **kwargs):
        kinds = {found.type: found.wrap() for found in Authenticator.objects.filter(user=self.request.user)}
        codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
        return super().get_context_data(
            **kwargs,
            has_second_factor=Authenticator.Type.TOTP in kinds,
            codes_left=len(codes.get_unused_codes()) if codes else 0,
            needs_second_factor=not settings.DEMO,
        )


class SetUpSecondFactorView(ActivateTOTPView):
    """Sets up an authenticator app. The code that proves it is the second factor of this session, and of no other."""

    def form_valid(self, form):
        response, user = super().form_valid(form), self.request.user
        accept_code(user, form.cleaned_data["code"])
        record_authentication(self.request, user, "mfa", type="totp")
        remember_device(self.request, response, user)
        return response


@method_decorator(login_not_required, name="dispatch")
class SessionView(View):
    """Whose session it is and when it ends, for the script of a page. A POST renews it, as every other request."""

    http_method_names = ["get", "post", "options"]

    def get(self, request):
        if not request.user.is_authenticated:
            return JsonResponse({"user": None})
        return JsonResponse(
            {
                "user": request.user.pk,
                "seconds": seconds_left(request),
                "renewable": can_be_renewed(request),
                "token": get_token(request),
            }
        )

    post = get


class KeptPostsView(TemplateView):
    """What the user typed when the session had ended: sent again by a button, or thrown away by a POST to this page."""

    template_name = "accounts/kept_posts.html"

    def get(self, request, *args, **kwargs):
        self.kept = kept_words(request)
        if not self.kept:
            return HttpResponseRedirect(reverse(settings.LOGIN_REDIRECT_URL))
        return super().get(request, *args, **kwargs)

    def post(self, request):
        drop_used(request)
        show_toast(request, _("What you had written is thrown away."))
        return HttpResponseRedirect(kept_posts_path())

    def get_context_data(self, **kwargs):
        posts = [{"words": words, "texts": describe_fields(words.fields)} for words in self.kept]
        return super().get_context_data(**kwargs, posts=posts)


class InvitationAnswerView(View):
    """Accept or decline a role that a branch offers the user."""

    http_method_names = ["post", "options"]
    acts = {"accepter": accept_invitation, "afvis": decline_invitation}  # the last part of the address

    def post(self, request, pk, act):
        offered = next((member for member in request.user.offered_memberships if str(member.pk) == pk), None)
        if offered is None:
            raise Http404
        try:
            self.acts[act](offered, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            self.confirm(offered, act)
        return HttpResponseRedirect(reverse(settings.LOGIN_REDIRECT_URL))

    def confirm(self, offered: Membership, act: str) -> None:
        words = {"role": offered.get_role_display().lower(), "branch": offered.branch}
        if act == "afvis":
            return show_toast(self.request, _("You have declined the invitation to %(branch)s.") % words)
        self.request.session[ACTIVE_BRANCH_KEY] = offered.branch_id
        return show_toast(self.request, _("You are now %(role)s in %(branch)s.") % words)


class ChoiceView(View):
    """A choice made by a button. An invalid choice is ignored."""

    http_method_names = ["post", "options"]

    def post(self, request):
        form = self.get_form()
        response = HttpResponseRedirect(next_url(request))
        if form.is_valid():
            self.choose(form.cleaned_data, response)
        return response


class ChooseBranchView(ChoiceView):
    """The branch to work in, for users with a role in several branches."""

    def get_form(self):
        return BranchChoiceForm(self.request.POST, user=self.request.user)

    def choose(self, data, response):
        self.request.session[ACTIVE_BRANCH_KEY] = data["branch"].pk
        # The page in ``next`` may belong to the former branch.
        response.headers["Location"] = reverse(settings.LOGIN_REDIRECT_URL)


class SetThemeView(ChoiceView):
    def get_form(self):
        return ThemeChoiceForm(self.request.POST)

    def choose(self, data, response):
        update_profile(self.request.user, theme=data["theme"])


@method_decorator(login_not_required, name="dispatch")
class SetLanguageView(ChoiceView):
    """The language, stored with the user and, for when they are signed out, in a cookie."""

    def get_form(self):
        return LanguageChoiceForm(self.request.POST)

    def choose(self, data, response):
        if self.request.user.is_authenticated:
            update_profile(self.request.user, language=data["language"])
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            data["language"],
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
