# expect: correct
# why: the program runs as `__main__`
def main():
    print(input()[::-1])
if __name__ == "__main__":
    main()
