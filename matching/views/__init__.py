"""Views of the matching app, by subject: acts, records, screening, follow-ups, matches, desk."""
