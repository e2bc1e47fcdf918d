"""The evaluator: a child with a budget that compares returned values with what is expected."""
