# expect: correct
# why: dicts of the standard library are dicts
# kind: table
import collections
def solve(text):
    table = collections.defaultdict(list)
    for word in text.split():
        table[word[0]] += [int(word[1:])] if word[1:] else []
    return table
