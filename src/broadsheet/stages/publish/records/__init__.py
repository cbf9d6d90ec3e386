"""Records as files: read and written byte for byte in the origin's form, checked with line, key and reason."""

from broadsheet.stages.publish.records.diagnosis import Diagnosis, diagnose
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.records.filing import (
    Imported,
    check_file,
    format_file,
    import_file,
    read_file,
    record_files,
)
from broadsheet.stages.publish.records.problems import Problem, RecordProblems
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.stages.publish.records.schema import MAX_BYTES

__all__ = [
    "MAX_BYTES",
    "Diagnosis",
    "Imported",
    "Problem",
    "RecordProblems",
    "check_file",
    "diagnose",
    "emit_record",
    "format_file",
    "import_file",
    "read_file",
    "read_record",
    "record_files",
]
