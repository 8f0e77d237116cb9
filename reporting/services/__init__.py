"""Every write of the reporting app, by subject."""

from reporting.services.programmes import LoadedProgramme, load_programme
from reporting.services.targets import Phase, remove_target, save_target

__all__ = [
    "LoadedProgramme",
    "Phase",
    "load_programme",
    "remove_target",
    "save_target",
]
