# expect: wrong_answer
# why: texts that parse as numbers but are none that a tolerance holds for
# kind: float
print("nan")
