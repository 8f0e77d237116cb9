"""The samples with columns shuffled, renamed, in English, as .xls and as UTF-16 text: the very same figures."""

import pytest

from imports.services import apply_import, stage_import
from tests.imports import sample_variants
from tests.imports.samples import EXPECTED, SAMPLES, expected_figures, figures_of, upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def old_excel(name: str) -> bytes:
    """As LibreOffice saved it for Excel 97; the text files stay what they are."""
    return (SAMPLES / name.replace(".xlsx", ".xls").replace(".ods", ".xls")).read_bytes()


VARIANTS = {
    "shuffled": sample_variants.shuffled,
    "renamed": lambda name: sample_variants.renamed(name, sample_variants.SYNONYMS),
    "in English": lambda name: sample_variants.renamed(name, sample_variants.ENGLISH),
    "as .xls": old_excel,
    "as UTF-16 text": sample_variants.as_utf_16,
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_samples_give_the_same_figures_however_they_were_kept(variant, programme):
    for name in EXPECTED["import_order"]:
        batch = stage_import(upload_of(VARIANTS[variant](name), name), programme=programme, by=None)
        assert batch.mapping["guesses"] == []
        counts = figures_of(apply_import(batch, by=None))
        assert {key: counts[key] for key in expected_figures(name)} == expected_figures(name)
