"""The workers' side of dispatch over Redis: chunks are leased, judged and reported."""
