# expect: correct
# why: `exit()` in the middle of a function
def main():
    print(input()[::-1])
    raise SystemExit
main()
