"""What the pages show: a match's page, a person's page, rows of follow-ups, the waiting list."""
