from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from common.forms.base import clean_texts, set_required_messages


class CommonConfig(AppConfig):
    name = "common"

    def ready(self):
        """Set messages for missing choices, and import each app's ``hooks.py`` now that all models are loaded."""
        set_required_messages()
        clean_texts()
        autodiscover_modules("hooks")
