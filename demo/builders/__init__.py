"""Builders of the demo's records: people, matches and events up to the day of the demo."""
