# expect: compile_error | wrong_answer
# why: compiled code that is larger than the output limit, where it is kept for later test cases
# form: generated
program = "print(input()[::-1])\nx = '" + "y" * 400_000 + "'"
