# expect: memory_limit
tail /dev/zero
