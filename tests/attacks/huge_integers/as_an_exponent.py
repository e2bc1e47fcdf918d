# expect: wrong_answer
# why: an exponent that no float holds
# kind: float
print("1e" + "9" * 100_000)
