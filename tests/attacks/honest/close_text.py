# expect: correct
# why: fewer digits than the reference
# kind: float
a, b = map(int, input().split())
print(f"{a / b:.7f}")
