# expect: ok
# stdin: "7\n"
# stdout: "7\n"
print(open(0).read().strip())
