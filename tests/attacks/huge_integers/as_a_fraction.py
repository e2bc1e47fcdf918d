# expect: wrong_answer
# why: digits without end behind the point
# kind: float
print("0." + "3" * 100_000)
