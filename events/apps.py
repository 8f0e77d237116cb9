from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        from events.importing import EVENT_KINDS  # noqa: PLC0415
        from events.merging import ATTENDANCE_RULE, account_of  # noqa: PLC0415
        from events.models import Attendance  # noqa: PLC0415
        from events.timeline import event_entries  # noqa: PLC0415 - models are not loaded before
        from people import merging, timeline  # noqa: PLC0415
        from people.importing import registry  # noqa: PLC0415

        merging.register_rule(Attendance, ATTENDANCE_RULE)
        merging.register_account(account_of)
        timeline.register(event_entries)
        for kind in EVENT_KINDS:
            registry.register(kind)
