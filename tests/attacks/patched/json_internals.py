# expect: wrong_answer | runtime_error
# why: the C encoder is reached from below
# kind: call referee
import json.encoder
json.encoder.c_make_encoder = None
json.encoder.encode_basestring_ascii = lambda text: '"anything"'
json._default_encoder = json.encoder.JSONEncoder()
def solve(text):
    return ""
