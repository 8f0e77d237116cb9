from django.contrib.auth.models import BaseUserManager
from django.db import models

from accounts.enums import Role
from accounts.roles import Verb
from common.scoping import ScopedQuerySet


class UserQuerySet(models.QuerySet):
    def colleagues_of(self, user):
        """Active users with a membership in one of the user's branches."""
        return self.filter(is_active=True, memberships__branch__in=user.branch_ids).distinct()

    def administrators_of(self, branch):
        """Active administrators of a branch, the first one first: role and branch are of one membership."""
        found = self.filter(is_active=True, memberships__role=Role.ADMINISTRATOR, memberships__branch=branch)
        return found.order_by("pk")

    def managed_by(self, user):
        """Users whose membership the user may change: those of the branches where they manage users."""
        return self.filter(memberships__branch__in=user.branch_ids_for(Verb.MANAGE_USERS)).distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Users sign in with their e-mail, in lower case."""

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
    """The log of access grows; its rows are never changed or deleted through the application."""

    def __init__(self):
        super().__init__("Rows of the log of access are not changed or deleted.")


class AccessRecordQuerySet(ScopedQuerySet):
    def update(self, **kwargs):
        raise AppendOnlyError

    def delete(self):
        raise AppendOnlyError

    def bulk_update(self, *args, **kwargs):
        raise AppendOnlyError
