# expect: memory_limit_exceeded
# why: lists of lists until the heap is full
# limits: {"memory_mb": 64}
kept = []
while True:
    kept = [kept, [None] * 1000]
