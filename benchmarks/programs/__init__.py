"""Programs: what public corpora get as they stand, and what each way to judge them costs."""
