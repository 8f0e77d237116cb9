import tomllib
from pathlib import Path

from common.journal import act, current_journal, save
from people.enums import TermKind
from people.models import Term

VOCABULARY_FILE = Path(__file__).resolve().parent.parent / "data" / "vocabulary.toml"


@act
def load_vocabulary(path: Path = VOCABULARY_FILE) -> int:
    """Load the terms of the file and return how many were new.

    Idempotent: a known term gets the file's English name and missing aliases; terms added in the browser are kept.
    """
    known = {(term.kind, term.name): term for term in Term.objects.all()}
    new = []
    for kind, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for entry in entries:
            if term := known.get((kind, entry["name"])):
                _update_term(term, entry)
            else:
                new.append(Term(kind=TermKind(kind), name=entry["name"], name_en=entry["en"], aliases=entry["aliases"]))
    current_journal().create(Term, new)
    return len(new)


def _update_term(term: Term, entry: dict) -> None:
    """Save only if the name or the aliases differ."""
    aliases = [*term.aliases, *(alias for alias in entry["aliases"] if alias not in term.aliases)]
    if (term.name_en, term.aliases) != (entry["en"], aliases):
        term.name_en, term.aliases = entry["en"], aliases
        save(term)
