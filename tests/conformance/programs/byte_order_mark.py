# expect: ok
# stdout: "bom\n"
print("bom")
