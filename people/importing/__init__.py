"""The import of the mentor bank: recognise, check, stage, apply.

`source` (rows of a sheet, CPR numbers taken out) → `recognition` (header row, columns, kind) → `kinds` with
`persons` and `register` (each row gets one state and its findings) → `services` (stage, apply, discard).
Upper floors register further kinds in `registry`.
"""
