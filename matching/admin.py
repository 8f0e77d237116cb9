"""Admin for support: matches and their records, read-only."""

from django.contrib import admin

from matching.models import FollowUp, Interview, Match, Meeting


class SupportAdmin(admin.ModelAdmin):
    """Read-only admin for superusers."""

    def has_module_permission(self, request) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.is_superuser

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Match)
class MatchAdmin(SupportAdmin):
    list_display = ("number", "programme", "status", "started_on", "ended_on", "coordinator")
    list_filter = ("status", "programme")
    list_select_related = ("programme", "coordinator")
    search_fields = ("number",)


@admin.register(Interview)
class InterviewAdmin(SupportAdmin):
    list_display = ("pk", "planned_on", "held_on", "assessment")


@admin.register(FollowUp)
class FollowUpAdmin(SupportAdmin):
    list_display = ("pk", "name", "side", "due_on", "done_on")


@admin.register(Meeting)
class MeetingAdmin(SupportAdmin):
    list_display = ("pk", "held_on", "hours")
