"""Support pages: to look, not to change. Rules are changed on their own pages, where it is checked and logged."""

from django.contrib import admin

from programmes.models import FollowUpStep, Funder, PolicyArea, Programme, ScreeningRequirement


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


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
