# expect: time_limit_exceeded | memory_limit_exceeded
# why: catches MemoryError and tries again for ever
kept = []
while True:
    try:
        kept.append(bytearray(1 << 20))
    except MemoryError:
        pass
