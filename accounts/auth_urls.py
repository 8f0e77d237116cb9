"""The pages of allauth that the product uses, under allauth's path names, and those of the session.

Sign-up and e-mail pages are left out.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path
from django.views.generic import RedirectView, TemplateView

from accounts.views.account import KeptPostsView, SessionView, SetUpSecondFactorView

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("session/", SessionView.as_view(), name="session"),
    path("skrevet/", KeptPostsView.as_view(), name="kept_posts"),
    path("bekraeft/", account.reauthenticate, name="account_reauthenticate"),
    path("adgangskode/", account.password_change, name="account_change_password"),
    path("adgangskode/glemt/", account.password_reset, name="account_reset_password"),
    path("adgangskode/sendt/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^adgangskode/ny/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("adgangskode/gemt/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("kode/", second_factor.authenticate, name="mfa_authenticate"),
    path("kode/bekraeft/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("kode/opret/", SetUpSecondFactorView.as_view(), name="mfa_activate_totp"),
    path("kode/fjern/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("kode/oversigt/", RedirectView.as_view(pattern_name="accounts:profile"), name="mfa_index"),
    path("noedkoder/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("noedkoder/nye/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("noedkoder/hent/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path(
        "oplysninger/",
        login_not_required(TemplateView.as_view(template_name="accounts/privacy.html")),
        name="privacy",
    ),
]
