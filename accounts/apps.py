from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _

from common import clock


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        # Under the identifier of Django's own receiver, which is connected later and therefore left out.
        user_logged_in.connect(record_sign_in, dispatch_uid="update_last_login")


def record_sign_in(sender, user, **kwargs) -> None:
    """Store the time of a sign-in as ``common.clock`` gives it; Django's receiver stores the machine's time."""
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])
