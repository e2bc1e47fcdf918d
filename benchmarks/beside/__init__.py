"""This verifier beside other ways to judge the same rollouts; `python -m benchmarks.beside`."""
