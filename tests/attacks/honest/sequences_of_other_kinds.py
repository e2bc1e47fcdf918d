# expect: correct
# why: a sequence that is no list, where the suite makes one of it
# kind: consumed consumed_referee joined joined_referee
from collections import UserList
def solve(text):
    return UserList(reversed(text))
