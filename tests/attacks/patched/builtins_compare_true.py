# expect: wrong_answer | runtime_error
# why: every builtin that a comparison could use says yes
# kind: stdin call
# forges: in_process
import builtins
builtins.all = builtins.any = builtins.isinstance = builtins.bool = lambda *_: True
builtins.len = lambda _: 0
builtins.abs = lambda _: 0
builtins.str = builtins.repr = lambda *_: "same"
class Same:
    def __eq__(self, other): return True
def solve(text):
    return Same()
