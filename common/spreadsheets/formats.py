"""Formats of django-import-export for the admin, built on this package's reader and writers.

The formats of django-import-export itself unpack files in the server's process and export formulas.
"""

import io

import tablib
from import_export.formats.base_formats import Format

from common.spreadsheets.reading import read_spreadsheet
from common.spreadsheets.writing import WRITERS


class SafeFormat(Format):
    """A format that is read by :func:`read_spreadsheet` and written without formulas."""

    extension = ""

    def get_title(self) -> str:
        return self.extension

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return WRITERS[self.extension][1]

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Return the first sheet that is not empty, with rows as wide as its headings. Raises FileRefused."""
        spreadsheet = read_spreadsheet(io.BytesIO(in_stream))
        rows = next(sheet.rows for sheet in spreadsheet.sheets if sheet.rows)
        headers = [str(cell or "") for cell in rows[0][1]]
        width = len(headers)
        dataset = tablib.Dataset(headers=headers)
        for _number, cells in rows[1:]:
            dataset.append(["" if cell is None else cell for cell in (cells + [None] * width)[:width]])
        return dataset

    def export_data(self, dataset: tablib.Dataset, **kwargs) -> bytes:
        write, _content_type = WRITERS[self.extension]
        with write(dataset.title or self.extension, dataset.headers or [], dataset) as file:
            return file.read()


class SafeXlsx(SafeFormat):
    extension = "xlsx"


class SafeOds(SafeFormat):
    extension = "ods"


class SafeCsv(SafeFormat):
    extension = "csv"


SAFE_FORMATS = [SafeXlsx, SafeOds, SafeCsv]
