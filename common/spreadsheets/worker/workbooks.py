"""The values of workbooks (xlsx, xls, ods), sheet by sheet."""

import datetime
import re

from .broken import broken_place
from .marks import Places
from .refusals import Budget, Refused, cell_name, refuse_sheets

EXACT_BELOW = 1e15  # a float that is larger may not be the whole number that was typed
ERROR = re.compile(
    r"#(?:REF!|N/A|DIV/0!|NAME\?|VALUE!|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA"
    r"|REFERENCE!|I/T|DIVISION/0!|NAVN\?|VÆRDI!|NUL!|OVERLØB!)|(?:Err|Fejl):\d{3}"
)  # as Excel and LibreOffice say it, in English and Danish


def emit_workbook(file, kind, marks, limits, emit, largest=""):
    """`marks`: of the sheets by name. `largest`: what costs most to open, named when the reader dies of it."""
    import python_calamine as calamine  # noqa: PLC0415 - only where a workbook is read: a csv does without

    name = ""
    emit({"format": kind, "at": largest})
    rows = {name: sheet.rows for name, sheet in marks.items()}  # how many there are: what it looks like, then what is
    emit({"of": sum(rows.values())})
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
                emit({"of": sum(rows.values())})
                emit_rows(sheet, name, marks.get(name), budget, emit)
    except calamine.PasswordError as error:
        raise Refused("password") from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise Refused("damaged", **({"place": name} if name else broken_place(file, kind))) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the reader's own stumble, not derived from Exception
            raise Refused("damaged", **({"place": name} if name else broken_place(file, kind))) from error
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
        writer.write(number, left + [plain(value) for value in values])
    writer.close()


def plain(value):
    """A cell's value as JSON can carry it: blanks as null, whole floats as integers, days and times tagged."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < EXACT_BELOW else value
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return {"day": value.date().isoformat()} if midnight else {"time": value.isoformat(timespec="seconds")}
    if isinstance(value, datetime.date):
        return {"day": value.isoformat()}
    if isinstance(value, datetime.time | datetime.timedelta):
        return str(value)
    return value


class RowWriter:
    """Emits rows that are not blank, without the nulls at their end; errors are blanks and are told in the end."""

    def __init__(self, name, marks, budget, emit):
        self.name, self.budget, self.emit = name, budget, emit
        self.uncalculated = marks.uncalculated if marks else frozenset()
        self.errors, self.told = Places(), marks.errors if marks else frozenset()
        for place in sorted(self.told):
            self.errors.add(cell_name(*place))

    def write(self, number, cells):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and cell[0] in "#EF" and ERROR.fullmatch(cell.strip()):
                if (number, column) not in self.told:
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
