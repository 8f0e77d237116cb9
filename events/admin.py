"""Support only: look, and mend what the pages cannot."""

from django.contrib import admin

from events.models import Attendance, Event, GuestInvitation


class GuestInvitationInline(admin.TabularInline):
    model = GuestInvitation
    extra = 0


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = ["title", "kind", "programme", "starts_at", "is_cancelled"]
    list_filter = ["kind", "is_cancelled", "programme"]
    search_fields = ["title", "place"]
    date_hierarchy = "starts_at"
    list_select_related = ["programme"]
    raw_id_fields = ["created_by"]
    inlines = [GuestInvitationInline]


@admin.register(Attendance)
class AttendanceAdmin(admin.ModelAdmin):
    list_display = ["event", "person", "status", "place_number", "came_at"]
    list_filter = ["status"]
    search_fields = ["event__title", "person__case_number"]
    list_select_related = ["event", "person"]
    raw_id_fields = ["event", "person"]
