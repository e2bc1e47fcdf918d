# expect: wrong_answer
# why: names an encoding that the text is not in
# kind: stdin call
# coding: utf-7
x = "+AGEAYgBj-"
def solve(text):
    return x
print(x)
