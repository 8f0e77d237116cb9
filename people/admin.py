"""The support pages: terms and organisations can be changed and exported, people only looked up."""

from django.contrib import admin
from import_export import resources
from import_export.admin import ImportExportModelAdmin

from accounts.admin import JournaledMixin
from accounts.enums import AccessKind
from accounts.services import record_access
from common.spreadsheets.formats import SAFE_FORMATS
from people.models import Enrolment, Organisation, Person, Term


class TermResource(resources.ModelResource):
    class Meta:
        model = Term
        fields = ("id", "kind", "name", "name_en")
        clean_model_instances = True
        use_transactions = True


class OrganisationResource(resources.ModelResource):
    class Meta:
        model = Organisation
        fields = ("id", "branch", "name", "kind", "phone", "email", "address", "agreed_on")
        clean_model_instances = True
        use_transactions = True


class SuperuserOnlyMixin:
    """Keep personal data from staff who are no superusers."""

    def has_module_permission(self, request) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.is_superuser


class NoChangesMixin(SuperuserOnlyMixin):
    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class SafeImportExportAdmin(JournaledMixin, SuperuserOnlyMixin, ImportExportModelAdmin):
    """Read and write files with our own safe formats, and log exports."""

    formats = SAFE_FORMATS

    def get_export_data(self, file_format, request, queryset, **kwargs):
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        record_access(
            by=request.user,
            kind=AccessKind.EXPORT,
            subject=self.model._meta.label_lower,
            code="support_exported",
            values={"file": file_format.get_extension()},
            count=queryset.count(),
        )
        return data


@admin.register(Term)
class TermAdmin(SafeImportExportAdmin):
    resource_classes = [TermResource]
    list_display = ["name", "kind", "name_en"]
    list_filter = ["kind"]
    search_fields = ["name", "name_en"]


@admin.register(Organisation)
class OrganisationAdmin(SafeImportExportAdmin):
    resource_classes = [OrganisationResource]
    list_display = ["name", "branch", "kind"]
    list_filter = ["branch", "kind"]
    search_fields = ["name"]


class EnrolmentInline(NoChangesMixin, admin.TabularInline):
    model = Enrolment
    fields = ["programme", "role", "status", "applied_on"]
    extra = 0


@admin.register(Person)
class PersonAdmin(NoChangesMixin, admin.ModelAdmin):
    """Opening a person is logged as on the person's page."""

    list_display = ["case_number", "name", "home_branch"]
    list_filter = ["home_branch"]
    search_fields = ["search_text"]
    inlines = [EnrolmentInline]

    def get_object(self, request, object_id, from_field=None):
        person = super().get_object(request, object_id, from_field)
        if person is not None:
            record_access(
                by=request.user,
                kind=AccessKind.READ,
                subject=person,
                branch=person.home_branch_id,
                code="support_opened",
            )
        return person
