from django.apps import AppConfig

from common.forms.required import word_missing_choices


class CommonConfig(AppConfig):
    name = "common"

    def ready(self):
        word_missing_choices()
