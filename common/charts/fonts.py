"""The page's font as one file per weight, for PNG and PDF.

The wheel has Source Sans 3 as one variable font whose default weight is 200. The licence reserves the name "Source" for
unmodified files, so the files get the family name of the stylesheet.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

FAMILY = "Mentornet Sans"
WEIGHTS = {400: "Regular", 600: "SemiBold"}


@lru_cache
def font_files() -> dict[int, Path]:
    """Return weight → TTF file. The files are made once and kept in ``var/``.

    Empty when the font's wheel is not installed or the folder is read-only. PNG files then use the system's DejaVu
    Sans, and documents the reader's sans-serif font.
    """
    folder = Path(settings.VAR_DIR) / "fonts"
    targets = {weight: folder / f"mentornet-sans-{weight}.ttf" for weight in WEIGHTS}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for weight, target in targets.items():
            if not target.exists():
                _write_font(weight, target)
    except (ImportError, OSError):
        return {}
    return targets


def _write_font(weight: int, target: Path) -> None:
    import fontpkg_source_sans_3  # noqa: PLC0415 - needed only by the first drawing on a machine

    from common.charts.font_subset import write_weight  # noqa: PLC0415 - slow to import

    source = Path(fontpkg_source_sans_3.__file__).parent / "files" / "SourceSans3[wght].ttf"
    write_weight(source, weight, target, family=FAMILY, style=WEIGHTS[weight])
