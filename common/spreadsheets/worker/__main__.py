"""The script: the package is found beside this file, wherever the project stands and whatever it is called."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from worker.process import main

    main()
