# expect: correct
# why: the interpreter's end writes what an open file still holds
out = open(1, "w")
out.write(input()[::-1])
