import tomllib
from pathlib import Path

from django.db import transaction

from common.bulk import clean_columns, store_new
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
    new = []
    for kind, words in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for word in words:
            if term := known.get((kind, word["name"])):
                _bring_up_to_date(term, word)
            else:
                new.append(Term(kind=TermKind(kind), name=word["name"], name_en=word["en"], aliases=word["aliases"]))
    clean_columns(Term._meta.concrete_fields, new)
    store_new(Term, new)
    return len(new)


def _bring_up_to_date(term: Term, word: dict) -> None:
    """A word that is as the file says is left alone."""
    aliases = [*term.aliases, *(alias for alias in word["aliases"] if alias not in term.aliases)]
    if (term.name_en, term.aliases) != (word["en"], aliases):
        term.name_en, term.aliases = word["en"], aliases
        term.full_clean()
        term.save()
