"""The lowest app: knows nothing of the domain and is imported by every other app."""
