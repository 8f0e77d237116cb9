"""What programmes adds to the access log: its exported list and its sentences."""

from django.utils.translation import gettext_lazy as _

from accounts.log_words import LISTS, LOG_SENTENCES, LoggedList, LogSentence, choice_words, field_words
from programmes.enums import ParticipantRole, ScreeningKind
from programmes.exports import PROGRAMMES

CHECK = {"role": choice_words(ParticipantRole), "check": choice_words(ScreeningKind)}

LISTS.add(LoggedList(PROGRAMMES.label), key=PROGRAMMES.key)
LOG_SENTENCES.add_all(
    {
        "programme_created": LogSentence(_("Programme created")),
        "programme_changed": LogSentence(_("Changed: %(fields)s"), fields=field_words("programmes.Programme")),
        "follow_up_step_saved": LogSentence(_("Step of the follow-up plan: %(name)s")),
        "follow_up_step_removed": LogSentence(_("Step of the follow-up plan removed: %(name)s")),
        "requirement_saved": LogSentence(_("Required check: %(role)s, %(check)s"), **CHECK),
        "requirement_removed": LogSentence(_("Check no longer required: %(role)s, %(check)s"), **CHECK),
    }
)
