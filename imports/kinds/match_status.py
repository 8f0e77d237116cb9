"""Words of old lists for how far a match came and why it ended."""

from common.folding import fold
from imports.engine.fields import word_list
from matching.enums import EndReason, MatchStatus

STATUS = word_list("match_statuses", MatchStatus)
# The first that stands in the text decides; so the longer ones go first.
END_WORDS = {
    "målet blev nået": EndReason.GOAL_REACHED,
    "mål nået": EndReason.GOAL_REACHED,
    "mentee stoppede": EndReason.MENTEE_STOPPED,
    "mentor stoppede": EndReason.MENTOR_STOPPED,
    "gik i stå": EndReason.NO_CONTACT,
    "ikke kontakt": EndReason.NO_CONTACT,
    "ikke et godt match": EndReason.BAD_FIT,
    "flyttet": EndReason.MOVED,
    "flyttede": EndReason.MOVED,
    "i job": EndReason.GOAL_REACHED,
    "uddannelse": EndReason.GOAL_REACHED,
    "praktik": EndReason.GOAL_REACHED,
    "aftalt": EndReason.COMPLETED,
    "gennemført": EndReason.COMPLETED,
}


def end_reason_of(text: str) -> str:
    """The reason of the list in our words, as far as one is recognised; the text itself is kept beside it."""
    folded = fold(text)
    return next((reason for word, reason in END_WORDS.items() if fold(word) in folded), EndReason.OTHER)
