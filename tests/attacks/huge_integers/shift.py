# expect: memory_limit_exceeded | runtime_error
# why: one shift, gigabytes
print(1 << (1 << 40))
