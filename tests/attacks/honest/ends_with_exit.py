# expect: correct
# why: exit and quit are there wherever a program is started as usual
if len(input_text := input()) % 2:
    print(input_text[::-1])
    exit()
print(input_text[::-1])
quit(0)
