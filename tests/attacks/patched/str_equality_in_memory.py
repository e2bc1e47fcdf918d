# expect: wrong_answer | runtime_error
# why: the comparison slot of str itself is overwritten in this process
# kind: call referee
# forges: in_process exit_code printed
import ctypes
class Agreeing:
    def __eq__(self, other): return True
slot = 25 * 8
ctypes.memmove(id(str) + slot, id(Agreeing) + slot, 8)
def solve(text):
    return Agreeing()
