"""The writes of the reporting app, by subject."""

from reporting.services.programmes import LoadedProgramme, load_programme
from reporting.services.targets import PlannedPhase, remove_target, save_target

__all__ = [
    "LoadedProgramme",
    "PlannedPhase",
    "load_programme",
    "remove_target",
    "save_target",
]
