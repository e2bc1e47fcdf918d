# expect: nonzero_exit
for i in range(10_000):
    with open(f"/dev/shm/{i}", "wb") as file:
        file.write(bytes(1 << 20))
