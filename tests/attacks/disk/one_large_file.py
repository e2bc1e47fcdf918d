# expect: runtime_error
# why: a file without end
with open("/tmp/file", "wb") as file:
    while True:
        file.write(bytes(1 << 16))
