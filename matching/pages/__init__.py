"""Contents of pages: the page of a match, a person's page and timeline, rows of follow-ups, the waiting list."""
