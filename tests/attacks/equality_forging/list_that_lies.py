# expect: wrong_answer
# why: a subclass of list with an == and a length of its own
# kind: call assert referee numbers
# forges: in_process exit_code printed
class Same(list):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __len__(self): return 3
    def __iter__(self): return iter([1, 2, 3])
def solve(value):
    return Same([0])
