# expect: memory_limit
print(len(bytes(258 << 20)))
