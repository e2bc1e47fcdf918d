# expect: compile_error
def test_fails(:
