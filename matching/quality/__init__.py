"""How well matches go: the four criteria of an effective match, and the matches that need attention."""
