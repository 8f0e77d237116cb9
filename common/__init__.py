"""The lowest app: free of domain knowledge and imported by every other app."""
