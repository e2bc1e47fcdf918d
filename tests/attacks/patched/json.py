# expect: wrong_answer
# why: the harness's encoder writes what the candidate likes
# kind: call referee
import json
json.dumps = lambda *_, **__: '"x"'
json.loads = lambda *_, **__: [[""], {}, False]
json.JSONEncoder.encode = lambda *_: '"x"'
def solve(text):
    return ""
