# expect: wrong_answer
# why: unittest's own helper equals everything
# kind: call assert referee
# forges: in_process exit_code printed
from unittest.mock import ANY
def solve(text):
    return ANY
