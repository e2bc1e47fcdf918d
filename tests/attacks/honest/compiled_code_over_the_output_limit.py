# expect: correct
# why: its code, which is kept for later test cases, is larger than what it may write
# limits: {"output_kb": 64}
# form: generated
program = "print(input()[::-1])\nx = '" + "y" * 400_000 + "'"
