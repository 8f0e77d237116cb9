from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People")

    def ready(self):
        """Say how this app's own rows follow a merge, and what a person's page shows of other branches' questions."""
        from people import panels  # noqa: PLC0415 - models are ready only now
        from people.merging.own_rules import register_own_rules  # noqa: PLC0415
        from people.questions import question_panels  # noqa: PLC0415

        register_own_rules()
        panels.register(question_panels)
