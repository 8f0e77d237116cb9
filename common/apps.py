from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from common.forms.required import word_missing_choices


class CommonConfig(AppConfig):
    name = "common"

    def ready(self):
        """Word missing choices, and import each app's ``hooks.py`` now that all models are loaded."""
        word_missing_choices()
        autodiscover_modules("hooks")
