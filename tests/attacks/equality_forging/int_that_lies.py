# expect: wrong_answer
# why: a subclass of int with an == and an __index__ of its own
# kind: call assert referee numbers
# forges: in_process exit_code printed
class Same(int):
    def __eq__(self, other): return True
    def __index__(self): return 5
    def __int__(self): return 5
    def __hash__(self): return 0
def solve(value):
    return Same(7)
