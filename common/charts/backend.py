"""The parts of matplotlib that the plots use. Imported by the first plot, because it takes a second.

Figures are made without ``pyplot``, so that requests share nothing but the fonts.
"""

import os
from pathlib import Path

from django.conf import settings

# Keeps the list of fonts in ``var/`` instead of the home directory.
os.environ.setdefault("MPLCONFIGDIR", str(Path(settings.VAR_DIR) / "matplotlib"))

import matplotlib as mpl
from matplotlib import font_manager, lines, patches, patheffects
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "mentornet", "lines.scale_dashes": False})

__all__ = ["Figure", "FigureCanvasAgg", "FigureCanvasSVG", "font_manager", "lines", "patches", "patheffects"]
