from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        from events.timeline import event_entries  # noqa: PLC0415 - models are not loaded before
        from people import timeline  # noqa: PLC0415

        timeline.register(event_entries)
