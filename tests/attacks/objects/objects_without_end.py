# expect: wrong_answer | runtime_error | memory_limit_exceeded | time_limit_exceeded
# why: every object that it is asked for brings a thousand more
# kind: objects_referee
class Made:
    def __getattr__(self, name):
        return [Made() for _ in range(1000)]
    def __call__(self): return self
def solve(text):
    return Made()
