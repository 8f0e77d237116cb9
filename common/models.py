"""Models without domain: submitted forms and number series."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SubmittedForm(models.Model):
    """A submitted form by its one-time key, so that a second submission creates nothing (see ``common.once``)."""

    key = models.UUIDField(_("one-time key"), unique=True)
    target_url = models.CharField(_("where the first submission led"), max_length=500)
    submitted_at = models.DateTimeField(_("submitted at"), auto_now_add=True)

    class Meta:
        verbose_name = _("submitted form")
        verbose_name_plural = _("submitted forms")

    def __str__(self) -> str:
        return str(self.key)


class NumberSeries(models.Model):
    """The last number used in a series such as ``T-2011`` (case numbers) or ``M-3-2011`` (matches)."""

    key = models.CharField(_("series"), max_length=40, unique=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"
