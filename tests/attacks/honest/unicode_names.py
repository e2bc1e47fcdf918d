# expect: correct
# why: names in other scripts
# kind: stdin
# form: escaped
\u0442\u0435\u043a\u0441\u0442 = input()
print(\u0442\u0435\u043a\u0441\u0442[::-1])
