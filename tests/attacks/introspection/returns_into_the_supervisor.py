# expect: runtime_error | wrong_answer
# why: an exception that nothing catches unwinds the copy of the agent that every run starts as
# kind: call referee
import builtins, json, traceback
class Unstoppable(BaseException):
    @property
    def __class__(self): raise Unstoppable
    def __str__(self): raise Unstoppable
traceback.format_exception_only = lambda *_: (_ for _ in ()).throw(Unstoppable())
def solve(text):
    raise Unstoppable
