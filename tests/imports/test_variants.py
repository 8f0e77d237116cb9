"""The samples with shuffled or renamed columns, in English, as .xls and as UTF-16 text give the same figures."""

import pytest

from imports.services import apply_import
from tests.imports import sample_variants
from tests.imports.samples import EXPECTED, SAMPLES, expected_figures, figures_of, stage_and_check, upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def old_excel(name: str) -> bytes:
    """Return the sample in the format of Excel 97. Text files are unchanged."""
    return (SAMPLES / name.replace(".xlsx", ".xls").replace(".ods", ".xls")).read_bytes()


VARIANTS = {
    "shuffled": sample_variants.shuffled,
    "renamed": lambda name: sample_variants.renamed(name, sample_variants.SYNONYMS),
    "in English": lambda name: sample_variants.renamed(name, sample_variants.ENGLISH),
    "as .xls": old_excel,
    "as UTF-16 text": sample_variants.as_utf_16,
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_variants_of_the_samples_give_the_same_figures(variant, programme):
    for name in EXPECTED["import_order"]:
        batch = stage_and_check(upload_of(VARIANTS[variant](name), name), programme=programme, by=None)
        assert batch.mapping["guesses"] == []
        counts = figures_of(apply_import(batch, by=None))
        assert {key: counts[key] for key in expected_figures(name)} == expected_figures(name)
