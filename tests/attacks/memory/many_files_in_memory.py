# expect: runtime_error
# why: each file within its limit, all together not
for place in ("/tmp", "/dev/shm"):
    for name in range(2000):
        with open(f"{place}/{name}", "wb") as file:
            file.write(bytes(200_000))
