from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = _("Matching")

    def ready(self):
        """Add what people's pages show of matches, and what lists that are imported may hold."""
        from matching import on_person  # noqa: PLC0415 - models are ready only now
        from matching.importing import MATCHING_KINDS  # noqa: PLC0415 - models are ready only now
        from matching.merging import MATCH_RULE, account_of, refuse_impossible, settle_person  # noqa: PLC0415
        from matching.models import Match  # noqa: PLC0415
        from matching.numbers import match_of_number  # noqa: PLC0415
        from matching.services.imported_matches import store_interviews_and_checks  # noqa: PLC0415
        from people import merging, numbers, panels, timeline  # noqa: PLC0415
        from people.importing import hooks, registry  # noqa: PLC0415

        merging.register_rule(Match, MATCH_RULE)
        merging.register_check(refuse_impossible)
        merging.register_settling(settle_person)
        merging.register_account(account_of)
        numbers.register(match_of_number)
        timeline.register(on_person.timeline_entries)
        panels.register(on_person.person_panels)
        panels.register_next_action(on_person.next_actions)
        for kind in MATCHING_KINDS:
            registry.register(kind)
        hooks.register_hook(store_interviews_and_checks)
