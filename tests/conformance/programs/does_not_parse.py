# expect: compile_error
def broken(:
    pass
