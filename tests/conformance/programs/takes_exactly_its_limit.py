# expect: ok
# stdout: '268435456\n'
# A round number, as programs ask for: it must not depend on what one interpreter has in reserve.
print(len(bytes(256 << 20)))
