# expect: wrong_answer
# why: the function that it is given asserts, and it catches that
# kind: called_back_referee
# forges: in_process exit_code printed
def solve(text, told):
    try:
        told("wrong")
    except BaseException:
        pass
