# expect: wrong_answer | runtime_error
# why: becomes an interpreter without any harness in it that answers ahead
# kind: call referee
import os, sys
def solve(text):
    code = "import os\nfor _ in range(9): os.write(@ANSWERS@, b'\\0\\0\\0\\x0c[\"value\",\"\"]')"
    os.set_inheritable(@ANSWERS@, True)
    os.execv(sys.executable, [sys.executable, "-c", code])
