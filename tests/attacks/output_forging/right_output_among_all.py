# expect: wrong_answer
# why: every guess on a line of its own
text = input()
print(text, text[::-1], sep="\n")
