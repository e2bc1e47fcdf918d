"""What Redis knows of batches, chunks, workers and losses: every operation there is on it.

Blocking, thread-safe; every method may raise redis.RedisError and may be repeated after one: what
happened twice counts once.
"""
