# expect: wrong_answer
# why: an enumeration member with an == of its own
# kind: call assert referee
# forges: in_process exit_code printed
import enum
class Answer(enum.Enum):
    RIGHT = "right"
    def __eq__(self, other): return True
    __hash__ = enum.Enum.__hash__
def solve(text):
    return Answer.RIGHT
