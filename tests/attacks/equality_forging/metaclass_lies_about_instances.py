# expect: wrong_answer
# why: isinstance asks the metaclass of what it is given
# kind: call assert referee
# forges: in_process exit_code printed
class Meta(type):
    def __instancecheck__(cls, instance): return True
    def __eq__(cls, other): return True
    def __hash__(cls): return 1
class Same(metaclass=Meta):
    def __eq__(self, other): return True
def solve(text):
    return Same
