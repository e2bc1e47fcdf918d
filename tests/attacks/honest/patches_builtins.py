# expect: correct
# why: overwrites names that a harness might need, and none of the harness's affairs
# kind: call referee
import builtins, json
list = dict = str = type = len = None
for name in ("max", "map", "sorted"):
    setattr(builtins, name, None)
def solve(text):
    return text[::-1]
