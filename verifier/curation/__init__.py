"""Which problems are worth training on: faults of references, duplicates, weak suites."""
