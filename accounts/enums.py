"""Choices of the accounts app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.choices import SluggedChoices


class Role(models.TextChoices):
    """Role of a user in a branch."""

    COORDINATOR = "coordinator", _("Coordinator")
    ADMINISTRATOR = "administrator", _("Administrator")
    MANAGER = "manager", _("Manager")


class Language(models.TextChoices):
    DANISH = "da", _("Danish")
    ENGLISH = "en", _("English")


class Theme(models.TextChoices):
    """Light or dark appearance; by default as the device asks for."""

    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class AccessKind(SluggedChoices):
    """What was done with personal data, in the access log."""

    READ = "read", "laest", pgettext_lazy("access log", "Read")
    SEARCH = "search", "soegning", pgettext_lazy("access log", "Search")
    EXPORT = "export", "hentet", pgettext_lazy("access log", "Export")
    EVIDENCE = "evidence", "dokumentation", pgettext_lazy("access log", "Evidence of a figure")
    IMPORT = "import", "import", pgettext_lazy("access log", "Import")
    WRITE = "write", "aendring", pgettext_lazy("access log", "Change")


class FileKind(models.TextChoices):
    """File formats of an exported list."""

    XLSX = "xlsx", _("Excel (xlsx)")
    ODS = "ods", _("LibreOffice (ods)")
    CSV = "csv", _("CSV")
