"""Real servers for the tests: one file for each kind, all kept by the supervisor."""
