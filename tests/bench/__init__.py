"""``make bench``: speed as ratios within one run, never as seconds that a busy machine could spoil."""
