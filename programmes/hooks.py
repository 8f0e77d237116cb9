"""The sentences of the access log about programmes."""

from django.utils.translation import gettext_lazy as _

from accounts.log_words import LOG_SENTENCES, LogSentence, choice_words, field_words
from programmes.enums import ParticipantRole, ScreeningKind

CHECK = {"role": choice_words(ParticipantRole), "check": choice_words(ScreeningKind)}

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
