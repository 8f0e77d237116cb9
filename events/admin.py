"""Pages for support: reading, and corrections that the product's own pages do not offer."""

from django.contrib import admin

from events.models import Attendance, Event, ProgrammeInvitation


class ProgrammeInvitationInline(admin.TabularInline):
    model = ProgrammeInvitation
    extra = 0


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = ["title", "kind", "programme", "starts_at", "is_cancelled"]
    list_filter = ["kind", "is_cancelled", "programme"]
    search_fields = ["title", "place"]
    date_hierarchy = "starts_at"
    list_select_related = ["programme"]
    raw_id_fields = ["created_by"]
    inlines = [ProgrammeInvitationInline]


@admin.register(Attendance)
class AttendanceAdmin(admin.ModelAdmin):
    list_display = ["event", "person", "status", "place_number", "came_at"]
    list_filter = ["status"]
    search_fields = ["event__title", "person__case_number"]
    list_select_related = ["event", "person"]
    raw_id_fields = ["event", "person"]
