"""The page's letters as plain font files, for the programs that draw without a browser.

The wheel ships Source Sans 3 as one variable font whose default weight is 200; matplotlib and
Pango want one file a weight. The licence reserves the name "Source" for unmodified files, so the
cut-down copies carry the family name that the stylesheet uses as well.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

FAMILY = "Mentornet Sans"
WEIGHTS = {400: "Regular", 600: "SemiBold"}


@lru_cache
def font_files() -> dict[int, Path]:
    """Weight -> TTF file, cut once and kept beside the other working files.

    Empty when the font's wheel is not installed or nothing can be written here: drawings then use
    matplotlib's own DejaVu Sans, and documents the reader's sans-serif.
    """
    folder = Path(settings.VAR_DIR) / "fonts"
    targets = {weight: folder / f"mentornet-sans-{weight}.ttf" for weight in WEIGHTS}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for weight, target in targets.items():
            if not target.exists():
                _cut(weight, target)
    except (ImportError, OSError):
        return {}
    return targets


def _cut(weight: int, target: Path) -> None:
    import fontpkg_source_sans_3  # noqa: PLC0415 only the first drawing on a machine needs it

    from common.charts.font_cutting import cut_weight  # noqa: PLC0415 slow to import

    source = Path(fontpkg_source_sans_3.__file__).parent / "files" / "SourceSans3[wght].ttf"
    cut_weight(source, weight, target, family=FAMILY, style=WEIGHTS[weight])
