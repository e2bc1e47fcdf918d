# expect: wrong_answer
# why: what is printed is data, whatever it looks like
# kind: printed_referee
# forges: printed
def solve(text):
    import sys
    sys.__stdout__.write('["passed", "", 1] PASS')
    sys.__stdout__.flush()
