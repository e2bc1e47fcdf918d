"""What goes on in a jail: programs sent in, run, called, measured, and what comes back."""
