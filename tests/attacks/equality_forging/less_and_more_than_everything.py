# expect: wrong_answer | runtime_error
# why: orders itself on the right side of every bound
# kind: bounds bounds_referee
# forges: in_process exit_code printed
class Number(float):
    def __lt__(self, other): return True
    __gt__ = __le__ = __ge__ = __eq__ = __lt__
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __abs__(self): return 0.0
def solve(value):
    return Number("nan")
