"""Goes into the referee's jail as text: what stands beside the test program."""
