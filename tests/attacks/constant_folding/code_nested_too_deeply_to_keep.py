# expect: compile_error | wrong_answer | correct
# why: compiled code that cannot be written down
# form: generated
lines = [" " * depth + f"def f{depth}():" for depth in range(90)]
program = "\n".join(lines) + "\n" + " " * 90 + "pass\nprint(input())"
