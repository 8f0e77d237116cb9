from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules

from common.danish_order import add_collation
from common.forms.base import clean_texts, set_required_messages


class CommonConfig(AppConfig):
    name = "common"

    def ready(self):
        """Set up what needs all models: the Danish order, forms, each app's ``hooks.py``."""
        connection_created.connect(add_collation)
        set_required_messages()
        clean_texts()
        autodiscover_modules("hooks")
