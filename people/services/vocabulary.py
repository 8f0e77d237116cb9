import tomllib
from pathlib import Path

from django.db import transaction

from people.enums import TermKind
from people.models import Term

VOCABULARY_FILE = Path(__file__).resolve().parent.parent / "data" / "vocabulary.toml"


@transaction.atomic
def load_vocabulary(path: Path = VOCABULARY_FILE) -> int:
    """Bring the words of the readable file into the database; how many were new.

    Idempotent: a word that stands there gets the file's English name and aliases, beside aliases of its own;
    words that were added in the browser stay.
    """
    known = {(term.kind, term.name): term for term in Term.objects.all()}
    added = 0
    for kind, words in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for word in words:
            added += _load_term(known.get((kind, word["name"])), TermKind(kind), word)
    return added


def _load_term(term: Term | None, kind: str, word: dict) -> bool:
    """Whether the word was new. A word that is as the file says is left alone."""
    is_new = term is None
    term = term or Term(kind=kind, name=word["name"])
    aliases = [*term.aliases, *(alias for alias in word["aliases"] if alias not in term.aliases)]
    if is_new or (term.name_en, term.aliases) != (word["en"], aliases):
        term.name_en, term.aliases = word["en"], aliases
        term.full_clean()
        term.save()
    return is_new
