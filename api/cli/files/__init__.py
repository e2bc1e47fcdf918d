"""Files of rows, in and out: what they are packed in, how they are read twice and continued."""
