"""What programmes adds to hooks: words of histories, its exported list, sentences of the access log."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.log_words import LISTS, LOG_SENTENCES, LoggedList, LogSentence, choice_words, field_words
from common.history import ACT_WORDS, RECORD_WORDS, RecordWords
from programmes.enums import ParticipantRole, ScreeningKind
from programmes.exports import PROGRAMMES
from programmes.models import FollowUpStep, Programme, ProgrammePolicyArea, ScreeningRequirement

CHECK = {"role": choice_words(ParticipantRole), "check": choice_words(ScreeningKind)}

RECORD_WORDS.add_all(
    {
        Programme: RecordWords(url=lambda programme: reverse("programmes:programme-detail", args=[programme.slug])),
        FollowUpStep: RecordWords(names=("name", "side")),
        ScreeningRequirement: RecordWords(names=("kind", "role")),
        ProgrammePolicyArea: RecordWords(names=("policy_area",)),
    }
)
ACT_WORDS.add_all(
    {
        "create_programme": _("Programme created"),
        "update_programme": _("Rules changed"),
        "save_follow_up_step": _("Follow-up plan changed"),
        "remove_follow_up_step": _("Step of the follow-up plan removed"),
        "save_requirement": _("Required checks changed"),
        "remove_requirement": _("Check no longer required"),
        "set_policy_areas": _("Policy areas changed"),
        "save_funder": _("Funder saved"),
    }
)
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
