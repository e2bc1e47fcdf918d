"""The Redis mode: what it costs, what distance adds, how soon it recovers."""
