# expect: wrong_answer
# why: the question is not the answer
print(input())
