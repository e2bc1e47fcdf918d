# expect: wrong_answer | runtime_error
# why: a hook that no one can remove sees every open and import
# kind: stdin call
import os, sys
def hook(event, args):
    if event in ("open", "import", "marshal.loads", "compile"):
        os.write(1, b"PASS\n")
sys.addaudithook(hook)
def solve(text):
    return ""
