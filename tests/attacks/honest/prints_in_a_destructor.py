# expect: correct
# why: the interpreter's end lets go of what is global
class Output:
    def __init__(self, text):
        self.text = text
    def __del__(self):
        print(self.text[::-1])
output = Output(input())
