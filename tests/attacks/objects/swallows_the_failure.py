# expect: wrong_answer
# why: it is entered, and would leave with the test program's own AssertionError
# kind: entered_referee
# forges: in_process exit_code printed
class Made:
    def __enter__(self): return self
    def __exit__(self, *error): return True
    def reversed(self): return ""
def solve(text):
    return Made()
