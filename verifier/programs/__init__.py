"""Code: finds the program in a completion, runs it in jails, judges what comes out of them."""
