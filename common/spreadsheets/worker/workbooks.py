"""Emits the values of workbooks (xlsx, xls, ods) sheet by sheet."""

import re

from .broken import broken_place
from .cells import cell_name, json_value
from .marks import Places
from .refusals import Budget, Refused, refuse_sheets

ERROR = re.compile(
    r"#(?:REF!|N/A|DIV/0!|NAME\?|VALUE!|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA"
    r"|REFERENCE!|I/T|DIVISION/0!|NAVN\?|VÆRDI!|NUL!|OVERLØB!)|(?:Err|Fejl):\d{3}"
)  # errors of Excel and LibreOffice, in English and Danish


def emit_workbook(file, file_format, marks, limits, emit, largest=""):
    """Emit all sheets of a workbook. Raises Refused.

    ``marks`` holds the marks of the sheets by name. ``largest`` is the largest part of the file, named as the place if
    this process is killed while it opens the file.
    """
    import python_calamine as calamine  # noqa: PLC0415 - slow, and a csv does not need it

    name = ""
    emit({"format": file_format, "at": largest})
    rows = {name: sheet.rows for name, sheet in marks.items()}  # an estimate, corrected sheet by sheet
    emit({"total": sum(rows.values())})
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(file)
        budget = Budget(limits)
        refuse_sheets(len(workbook.sheets_metadata))
        for metadata in workbook.sheets_metadata:
            if metadata.typ == calamine.SheetTypeEnum.WorkSheet:
                name = metadata.name
                if name in marks:
                    marks[name].refuse_merges(name)
                emit_head(metadata, marks.get(name), emit)
                sheet = workbook.get_sheet_by_name(name)
                rows[name] = sheet.end[0] + 1 if sheet.end else 0
                emit({"total": sum(rows.values())})
                emit_rows(sheet, name, marks.get(name), budget, emit)
    except calamine.PasswordError as error:
        raise Refused("password") from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise Refused("damaged", **({"place": name} if name else broken_place(file, file_format))) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # a panic in calamine, not derived from Exception
            raise Refused("damaged", **({"place": name} if name else broken_place(file, file_format))) from error
        raise


def emit_head(metadata, marks, emit):
    hidden = not str(metadata.visible).endswith(".Visible")
    known = marks.as_json() if marks else {"unknown": True}
    emit({"sheet": metadata.name, "hidden": hidden, **known})


def emit_rows(sheet, name, marks, budget, emit):
    if sheet.end is None:
        return
    budget.check_end(*sheet.end, name)
    left = [None] * sheet.start[1]
    writer = RowWriter(name, marks, budget, emit)
    for number, values in enumerate(sheet.iter_rows(), start=1):
        writer.write(number, left + [json_value(value) for value in values])
    writer.close()


class RowWriter:
    """Emits rows that are not blank, without the blanks at their end. Errors become blanks and are listed last."""

    def __init__(self, name, marks, budget, emit):
        self.name, self.budget, self.emit = name, budget, emit
        self.uncalculated = marks.uncalculated if marks else frozenset()
        self.errors, self.known_errors = Places(), marks.errors if marks else frozenset()
        for place in sorted(self.known_errors):
            self.errors.add(cell_name(*place))

    def write(self, number, cells):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and cell[0] in "#EF" and ERROR.fullmatch(cell.strip()):
                if (number, column) not in self.known_errors:
                    self.errors.add(cell_name(number, column))
                cells[column] = None
            elif cell == 0 and (number, column) in self.uncalculated:
                cells[column] = None
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            self.budget.spend(number, cells, self.name)
            self.emit([number, cells])

    def close(self):
        if self.errors.count:
            self.emit({"errors": self.errors.as_json()})
