"""A stored row of a list of people, read again from its cells."""

from common import clock
from imports.engine.reader import RowReader
from imports.engine.table import SourceRow, Table
from imports.kinds import registry
from imports.kinds.persons import PersonRecord
from imports.models import ImportBatch, ImportRow


def record_of_row(batch: ImportBatch, row: ImportRow) -> PersonRecord:
    """What a row of a list of people says, read again from its cells."""
    table = Table(sheet=batch.sheet, header_row=batch.header_row, headers=batch.headers)
    source = SourceRow(row.number, [cell or None for cell in row.cells])
    reader = RowReader(table, source, batch.mapping.get("columns", {}), batch.mapping.get("words"))
    return registry.kind_of(batch.kind).read(reader, clock.today())
