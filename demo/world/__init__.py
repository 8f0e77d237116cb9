"""The invented network: who lives in it, and what has happened by the demo's day."""
