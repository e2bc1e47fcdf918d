# expect: correct
# why: a file that begins with a byte order mark
# kind: stdin
# form: escaped
\ufeffprint(input()[::-1])
