from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = _("Matching")

    def ready(self):
        """Add matches to the lists that can be imported, and what lists of people say about interviews and checks."""
        from matching.importing import MatchKind  # noqa: PLC0415 - models are ready only now
        from matching.services.imported_matches import store_interviews_and_checks  # noqa: PLC0415
        from people.importing import hooks, registry  # noqa: PLC0415

        registry.register(MatchKind())
        hooks.register_hook(store_interviews_and_checks)
