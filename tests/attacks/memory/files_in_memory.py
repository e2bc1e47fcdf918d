# expect: runtime_error
# why: files of a tmpfs are memory
with open("/dev/shm/file", "wb") as file:
    for _ in range(1000):
        file.write(bytes(1 << 20))
