# expect: runtime_error
# why: the type's name is no text
# kind: call referee
class Meta(type):
    @property
    def __name__(cls): raise ValueError("nameless")
class Failure(Exception, metaclass=Meta):
    pass
def solve(text):
    raise Failure
