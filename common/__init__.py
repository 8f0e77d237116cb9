"""Ground floor: knows no domain, is imported by every other app."""
