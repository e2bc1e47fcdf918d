# expect: wrong_answer
# why: looks right on a terminal only
text = input()
print("wrong" + "\b" * 5 + text[::-1] + "\x1b[2K\r" + text[::-1])
