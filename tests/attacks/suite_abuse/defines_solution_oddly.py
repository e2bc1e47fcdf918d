# expect: wrong_answer | runtime_error
# why: a class whose every method is every other
# kind: call
class Solution:
    def __init__(self): self.calls = 0
    def __getattr__(self, name): return lambda *_: type("x", (str,), {"__eq__": lambda *_: True})("y")
solve = Solution().anything
