# expect: wrong_answer
# why: `__del__` runs when everything else is gone
class Last:
    def __del__(self):
        print("late")
keep = Last()
print("x")
