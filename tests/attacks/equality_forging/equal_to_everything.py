# expect: wrong_answer
# why: an answer whose == always agrees
# kind: call assert referee
# forges: in_process exit_code printed
class Same:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
def solve(text):
    return Same()
