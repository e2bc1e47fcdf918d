# expect: wrong_answer
# why: modules that a suite imports are the candidate's before the suite runs
# kind: stdin call
# forges: in_process
import sys, types
class Same:
    def __eq__(self, other): return True
for name in ("math", "pytest", "numpy", "unittest"):
    module = types.ModuleType(name)
    module.isclose = lambda *_, **__: True
    sys.modules[name] = module
def solve(text):
    return Same()
