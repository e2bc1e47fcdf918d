"""Dispatch over Redis: API processes and workers on any number of machines, RQ jobs of one chunk.

`dispatcher` is the API's end, `worker` the other; both reach Redis only through `ledger`.
docs/redis.md says what is kept there and why nothing is lost.
"""
