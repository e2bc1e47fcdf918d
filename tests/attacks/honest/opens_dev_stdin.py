# expect: correct
# why: the input by its name in /dev
print(open("/dev/stdin").read().strip()[::-1], file=open("/dev/stdout", "w"))
