"""matplotlib, set up for us. Imported the moment something is drawn: it takes a second, most pages have no plot.

Figures are made by hand (never pyplot), so nothing is shared between requests but the fonts.
"""

import os
from pathlib import Path

from django.conf import settings

# The font list is kept with the other working files instead of the home directory.
os.environ.setdefault("MPLCONFIGDIR", str(Path(settings.VAR_DIR) / "matplotlib"))

import matplotlib as mpl
from matplotlib import font_manager, lines, patches, patheffects
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "mentornet", "lines.scale_dashes": False})

__all__ = ["Figure", "FigureCanvasAgg", "FigureCanvasSVG", "font_manager", "lines", "patches", "patheffects"]
