# expect: wrong_answer
# why: what is printed while a function runs is nobody's verdict
# kind: call assert referee
# forges: printed
import os
def solve(text):
    os.write(1, b"PASS\n")
    return ""
