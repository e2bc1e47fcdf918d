# expect: memory_limit_exceeded | runtime_error
# why: claims what would be ours to explain
# kind: call referee looped_referee
def solve(value):
    raise MemoryError
