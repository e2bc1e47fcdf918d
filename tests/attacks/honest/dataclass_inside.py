# expect: correct
# why: code that looks itself up in sys.modules
# kind: call referee
import dataclasses, enum, pickle, typing
@dataclasses.dataclass
class Pair:
    left: str
    right: typing.Optional["Pair"] = None
class Kind(enum.IntEnum):
    A = 1
def solve(text):
    assert pickle.loads(pickle.dumps(Pair(text))) == Pair(text)
    return Pair(text).left[::-1]
