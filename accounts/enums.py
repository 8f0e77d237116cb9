from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in a branch."""

    COORDINATOR = "coordinator", _("Coordinator")
    ADMINISTRATOR = "administrator", _("Administrator")
    MANAGER = "manager", _("Manager")


class Language(models.TextChoices):
    DANISH = "da", _("Danish")
    ENGLISH = "en", _("English")


class Theme(models.TextChoices):
    """Light and dark; by default the one the device asks for."""

    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class AccessKind(models.TextChoices):
    """What was done with personal data, in the log of access."""

    READ = "read", _("Read")
    SEARCH = "search", _("Search")
    EXPORT = "export", _("Export")
    EVIDENCE = "evidence", _("Evidence of a figure")
    IMPORT = "import", _("Import")
    WRITE = "write", _("Change")
