# expect: compile_error | runtime_error
# why: an open quote swallows whatever is set behind the program
# kind: call
def solve(text):
    return ""
x = '''
