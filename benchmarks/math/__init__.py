"""Mathematics: errors of both kinds beside math-verify, and the judge's rate."""
