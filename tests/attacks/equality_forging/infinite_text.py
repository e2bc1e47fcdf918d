# expect: wrong_answer
# why: an infinity is within no tolerance
# kind: float
print("inf" if input() else "1e999")
