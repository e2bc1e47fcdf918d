# expect: output_limit_exceeded
# why: the right line at the start of endless output
print(input()[::-1], flush=True)
while True:
    print(" " * 4096)
