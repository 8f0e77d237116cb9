"""The demo: invented people at the size of the real network, and the factories that the tests use, too."""
