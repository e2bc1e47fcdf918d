"""Goes into both jails as text: how what crosses between them is written and read."""
