"""Who may ask: keys, whose they are, and what each of them may take."""
