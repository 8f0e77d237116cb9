"""``make bench``: speed as ratios within one run, as seconds depend on the load of the machine."""
