# expect: wrong_answer
# why: a subclass of str passes an isinstance check and then lies in ==
# kind: call assert referee
# forges: in_process exit_code printed
class Same(str):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = str.__hash__
def solve(text):
    return Same("right")
