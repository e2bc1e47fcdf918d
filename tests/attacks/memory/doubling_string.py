# expect: memory_limit_exceeded
# why: a text that doubles
text = "x"
while True:
    text += text
