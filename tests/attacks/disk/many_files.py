# expect: runtime_error
# why: uses up the places for names instead of bytes
for number in range(100_000):
    open(f"/tmp/{number}", "w").close()
