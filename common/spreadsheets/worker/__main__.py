"""The script. It finds its package by its own path, wherever the project is installed."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from worker.process import main

    main()
