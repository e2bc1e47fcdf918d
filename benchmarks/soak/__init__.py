"""Full load while everything is killed, stopped or filled: `python -m benchmarks.soak`."""
