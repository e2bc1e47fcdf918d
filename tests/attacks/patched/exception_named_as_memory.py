# expect: runtime_error | memory_limit_exceeded
# why: claims another failure than it had; no claim is a reward
# kind: call referee
def solve(text):
    raise type("MemoryError", (Exception,), {})("full")
