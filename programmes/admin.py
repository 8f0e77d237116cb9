"""Read-only pages for support. Rules are edited on the product's own pages, which check and log the change."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from programmes.models import FollowUpStep, Funder, PolicyArea, Programme, ScreeningRequirement


@admin.register(Programme)
class ProgrammeAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug", "branch", "starts_on", "ends_on"]
    list_filter = ["branch"]


@admin.register(FollowUpStep, ScreeningRequirement)
class RuleAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "programme"]


@admin.register(PolicyArea, Funder)
class NameAdmin(ReadOnlyAdmin):
    list_display = ["name"]
