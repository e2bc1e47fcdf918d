# expect: correct
# why: a solution starts afresh for every test, as its author saw it do
# kind: call assert referee
class Solution:
    def __init__(self):
        self.found = ""
    def solve(self, text):
        for letter in text:
            self.found = letter + self.found
        return self.found
