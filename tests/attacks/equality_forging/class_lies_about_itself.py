# expect: wrong_answer | runtime_error
# why: `__class__` says str, `isinstance` believes it
# kind: call assert referee
# forges: in_process exit_code printed
class Same:
    __class__ = str
    def __eq__(self, other): return True
    def __str__(self): return "x"
def solve(text):
    return Same()
