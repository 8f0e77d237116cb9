from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from accounts.middleware import note_sign_in  # noqa: PLC0415 - needs the models

        user_logged_in.connect(note_sign_in, dispatch_uid="accounts.note_sign_in")
