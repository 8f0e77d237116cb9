"""What the programme's rules require of an interview, a check and a pair. Reads only."""
