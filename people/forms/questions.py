"""Forms for asking another branch about a person, and for answering."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.cpr import refuse_cpr
from people.enums import QuestionAnswer
from people.models import BranchQuestion

LONGEST = BranchQuestion._meta.get_field("question").max_length


def message_field() -> forms.CharField:
    label = _("Message to them (optional)")
    return forms.CharField(label=label, required=False, max_length=LONGEST, validators=[refuse_cpr])


class AskForm(forms.Form):
    """A message that is sent with the question."""

    question = message_field()


class AnswerForm(forms.Form):
    """One of the two answers, chosen by its button, and a message. A page holds several of these forms."""

    answer = forms.ChoiceField(
        choices=QuestionAnswer.choices, error_messages={"required": _("Choose one of the two answers.")}
    )
    note = message_field()

    def __init__(self, *args, question: BranchQuestion, **kwargs):
        super().__init__(*args, auto_id=f"id_%s_{question.pk}", **kwargs)
        self.pk = question.pk
