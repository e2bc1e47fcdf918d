# expect: compile_error
def f(
