# expect: wrong_answer
# why: every import after this one goes through the candidate
# kind: stdin call
import sys
from importlib.machinery import ModuleSpec
class Finder:
    def find_spec(self, name, path=None, target=None): return ModuleSpec(name, self)
    def create_module(self, spec): return None
    def exec_module(self, module): module.__dict__.update(dumps=lambda *_: '"x"')
sys.meta_path.insert(0, Finder())
def solve(text):
    return ""
