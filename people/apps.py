from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People")

    def ready(self):
        """Say how this app's own rows follow a merge."""
        from people.merging.own_rules import register_own_rules  # noqa: PLC0415 - models are ready only now

        register_own_rules()
