# expect: output_limit_exceeded
# why: prints without end
while True:
    print("x" * 4096)
