import hashlib
from collections.abc import Sequence

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import DanishDateField, KeysField
from common.once import OnceFormMixin
from matching.forms.base import ActForm, day_field
from matching.models import Interview, Match

PERIOD, FOR_GOOD = "periode", "altid"


class HandoverForm(OnceFormMixin, ActForm):
    """What is handed over, to whom, from when and why. A row without a receiver of its own gets ``receiver``."""

    length = forms.ChoiceField(
        label=_("For how long?"),
        choices=[(PERIOD, _("For a period")), (FOR_GOOD, _("For good"))],
        widget=forms.RadioSelect,
    )
    from_on = day_field(_("From and including"), not_future=False, help_text=_("Day-month-year"))
    until_on = DanishDateField(label=_("Until and including"), required=False, help_text=_("Only for a period."))
    reason = forms.CharField(
        label=_("Why?"),
        max_length=200,
        help_text=_("It is in the history of each match. Write nothing about health."),
    )
    receiver = forms.ModelChoiceField(
        label=_("Taken over by"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Of all that are ticked and have no user of their own in the list."),
    )
    match = KeysField(queryset=Match.objects.none(), required=False)
    interview = KeysField(queryset=Interview.objects.none(), required=False)

    def __init__(
        self, *args, users: Sequence[User], matches: Sequence[Match], interviews: Sequence[Interview], **kwargs
    ):
        super().__init__(*args, **kwargs)
        self._users = {str(user.pk): user for user in users}
        receiver = self.fields["receiver"]
        receiver.queryset, receiver.empty_label = User.objects.filter(pk__in=self._users), _("Choose a user")
        receiver.initial = users[0].pk if len(users) == 1 else None
        choices = [("", _("As chosen for all")), *((key, str(user)) for key, user in self._users.items())]
        for kind, model, rows in (("match", Match, matches), ("interview", Interview, interviews)):
            self.fields[kind].queryset = model.objects.filter(pk__in=[row.pk for row in rows])
            for row in rows:
                self.fields[f"{kind}-{row.pk}"] = forms.ChoiceField(choices=choices, required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("length") == PERIOD and not cleaned.get("until_on") and "until_on" not in self.errors:
            self.add_error("until_on", _("Write the last day of the period."))
        if cleaned.get("length") == FOR_GOOD:
            cleaned["until_on"] = None
        if {"match", "interview"} & self.errors.keys():  # these fields have no place of their own on the page
            words = _(
                "Something that you ticked was handed over or ended meanwhile. Look at the list and send it again."
            )
            self.add_error(None, words)
        elif not (cleaned.get("match") or cleaned.get("interview")):
            self.add_error(None, _("Tick at least one match or interview."))
        elif "receiver" not in self.errors and not all(self._receivers().values()):
            self.add_error("receiver", _("Choose who takes over."))
        return cleaned

    def _receivers(self) -> dict[Model, User | None]:
        ticked = [(kind, row) for kind in ("match", "interview") for row in self.cleaned_data.get(kind) or ()]
        chosen = {row: self.cleaned_data.get(f"{kind}-{row.pk}") for kind, row in ticked}
        return {row: self._users.get(key) or self.cleaned_data.get("receiver") for row, key in chosen.items()}

    @property
    def receivers(self) -> dict[str, dict[Model, User]]:
        """The arguments ``matches`` and ``interviews`` of the service ``hand_over``."""
        given = self._receivers()
        return {
            "matches": {row: user for row, user in given.items() if isinstance(row, Match)},
            "interviews": {row: user for row, user in given.items() if isinstance(row, Interview)},
        }


class WrittenNamesForm(ActForm):
    """A user, or none, for each written name of a coordinator or interviewer.

    A field is named by its written name, so that a page from before another user tied some names ties no other ones.
    """

    def __init__(self, *args, names: Sequence[str], users: Sequence[User], suggested: dict[str, User], **kwargs):
        super().__init__(*args, **kwargs)
        self._names, self._users = {key_of(name): name for name in names}, {str(user.pk): user for user in users}
        choices = [("", _("Not tied")), *((key, str(user)) for key, user in self._users.items())]
        for key, name in self._names.items():
            found = suggested.get(name)
            self.fields[key] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=str(found.pk) if found else ""
            )

    @property
    def chosen(self) -> dict[str, User]:
        """The chosen user of each name, for the service ``tie_names``."""
        chosen = {name: self.cleaned_data.get(key) for key, name in self._names.items()}
        return {name: self._users[pk] for name, pk in chosen.items() if pk}


def key_of(name: str) -> str:
    """Return the name of the field of a written name."""
    return f"navn-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
