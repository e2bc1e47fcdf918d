"""The sandbox: what a run costs, and what load and ten thousand runs do to it."""
