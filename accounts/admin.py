"""Django's admin, for support only: superusers, behind the product's sign-in and second factor."""

from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import Group

from accounts.models import AccessRecord, Branch, Membership, User
from common.journal import current_journal, delete, recording
from tasks.models import Task

admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = admin.site.site_title = "Mentornet support"
# Rights come from memberships and e-mails from users; the secrets of second factors are shown to no one.
for model in (Group, EmailAddress, Authenticator):
    admin.site.unregister(model)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Admin of rows that can be read but not added, changed or deleted."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class JournaledMixin:
    """What support writes is an act of its user, as what the product's services write."""

    def changeform_view(self, request, *args, **kwargs):
        with recording("change_in_support", by=request.user):
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request, obj, form, change):
        current_journal().save(obj)

    def save_formset(self, request, form, formset, change):
        rows = formset.save(commit=False)
        delete(formset.deleted_objects)
        for row in rows:
            current_journal().save(row)

    def delete_model(self, request, obj):
        self.delete_queryset(request, [obj])

    def delete_queryset(self, request, queryset):
        with recording("delete_in_support", by=request.user):
            delete(queryset)


class MembershipInline(admin.TabularInline):
    model = Membership
    fk_name = "user"
    extra = 0


@admin.register(Branch)
class BranchAdmin(JournaledMixin, admin.ModelAdmin):
    list_display = ["name", "code", "area", "is_demo"]


@admin.register(User)
class UserAdmin(JournaledMixin, admin.ModelAdmin):
    """Users without password and second factor: the user resets the first, an administrator the second."""

    list_display = ["name", "email", "is_active", "is_staff"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "phone", "language", "is_active", "is_staff", "is_superuser", "last_login"]
    readonly_fields = ["last_login"]
    inlines = [MembershipInline]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AccessRecord)
class AccessRecordAdmin(ReadOnlyAdmin):
    """The access log, which cannot be changed anywhere."""

    list_display = ["at", "user", "kind", "subject", "case_number", "count"]
    list_select_related = ["user"]
    readonly_fields = ["detail"]
    search_fields = ["=case_number"]


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    """All background tasks, also those of no branch, without the texts of e-mails."""

    list_display = ["created_at", "name", "branch", "by", "state", "tries", "error"]
    list_filter = ["state", "name"]
    list_select_related = ["branch", "by"]
    exclude = ["private"]
