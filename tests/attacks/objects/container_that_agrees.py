# expect: wrong_answer
# why: the suite changes a container of the object's, which is one that keeps nothing and agrees
# kind: container_referee
# forges: in_process exit_code printed
class Same(int):
    def __eq__(self, other): return True
    def __hash__(self): return 0
class Kept(dict):
    def __setitem__(self, key, held): pass
    def __getitem__(self, key): return Same()
class Made:
    parts = Kept()
    def total(self): return Same()
def solve(text):
    return Made()
