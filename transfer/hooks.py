"""The sentences of the access log about branch files."""

from accounts.log_words import LOG_SENTENCES, LogSentence

LOG_SENTENCES.add_all(
    {
        "branch_exported": LogSentence("%(branch)s"),
        "branch_restored": LogSentence("%(branch)s"),
    }
)
