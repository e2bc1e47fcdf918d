# expect: wrong_answer
# why: the lie sits inside an honest list
# kind: numbers
# forges: in_process exit_code printed
class Same:
    def __eq__(self, other): return True
def solve(values):
    return [Same() for _ in values]
