# expect: wrong_answer
# why: an object is asked for, whose methods answer with what equals anything
# kind: objects_referee object_parts_referee
# forges: in_process exit_code printed
class Same:
    def __eq__(self, other): return True
    def __contains__(self, item): return True
    def __getattr__(self, name): return lambda *a: Same()
    def __getitem__(self, index): return Same()
    def __sub__(self, other): return Same()
    def __abs__(self): return Same()
    def __lt__(self, other): return True
class Made:
    def reversed(self): return Same()
    words = size = reversed
def solve(text):
    return Made()
