# expect: runtime_error
# why: right output does not excuse a crash
print(input()[::-1], flush=True)
raise SystemExit(3)
