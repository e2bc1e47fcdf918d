# expect: correct
# why: spaces and empty lines at the end
print(input()[::-1] + "  \n\n")
