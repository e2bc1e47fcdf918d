# expect: wrong_answer
# why: ends of lines of another system
# form: escaped
print("a")\rprint("b")\r\nprint("c")
