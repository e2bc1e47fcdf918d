# expect: ok
# stdout: "10001\n"
print(len(str(10**10_000)))
