"""Cards of the page Today."""
