# expect: ok
# stdout: "one\ntwo\n"
print("one", flush=True)
with open("/dev/stdout", "w") as out:
    print("two", file=out)
