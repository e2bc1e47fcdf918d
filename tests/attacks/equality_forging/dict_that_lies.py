# expect: wrong_answer
# why: a subclass of dict with an == of its own
# kind: call assert referee numbers
# forges: in_process exit_code printed
class Same(dict):
    def __eq__(self, other): return True
    def items(self): return [("a", 1)]
def solve(value):
    return Same()
