# expect: wrong_answer
# why: the exception that fails a suite becomes one that is never raised
# kind: call referee
# forges: in_process exit_code printed
import builtins, sys
def solve(text):
    sys._getframe(1).f_globals.setdefault("AssertionError", None)
    return Same()
class Same:
    def __eq__(self, other): return True
