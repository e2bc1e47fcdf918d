# expect: correct
# why: within the limit, if only just
# limits: {"memory_mb": 256}
block = bytearray(200 << 20)
print(input()[::-1])
