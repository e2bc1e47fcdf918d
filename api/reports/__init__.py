"""What scored rollouts add up to, how two files of them differ, and the pages that show it.

Knows neither terminals nor files of input: rows come in, numbers and pages come out.
"""
