"""The demo: invented people at the real network's size, and the factories that tests use too."""
