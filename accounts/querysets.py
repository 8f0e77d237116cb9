"""Querysets and managers of the accounts app."""

from django.contrib.auth.models import BaseUserManager
from django.db import models

from accounts.enums import Role
from common.scoping import ScopedQuerySet


class UserQuerySet(models.QuerySet):
    def administrators_of(self, branch):
        """Active administrators of a branch, oldest account first."""
        return self.members_of([branch], [Role.ADMINISTRATOR]).order_by("pk")

    def members_of(self, branches, roles):
        """Active users with an accepted membership of one of the branches in one of the roles."""
        return self.filter(
            is_active=True,
            memberships__branch__in=branches,
            memberships__role__in=roles,
            memberships__accepted_at__isnull=False,
        )


class MembershipQuerySet(ScopedQuerySet):
    def accepted(self):
        return self.filter(accepted_at__isnull=False)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Creates and finds users by their e-mail in lower case."""

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalise(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=self.normalise(email))

    @staticmethod
    def normalise(email: str) -> str:
        return (email or "").strip().lower()


class AppendOnlyError(TypeError):
    """Raised when a row of the access log would be changed or deleted."""

    def __init__(self):
        super().__init__("Rows of the access log are never changed or deleted.")


class AccessRecordQuerySet(ScopedQuerySet):
    def update(self, **kwargs):
        raise AppendOnlyError

    def delete(self):
        raise AppendOnlyError

    def bulk_update(self, *args, **kwargs):
        raise AppendOnlyError
