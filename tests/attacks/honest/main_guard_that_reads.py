# expect: correct
# why: what is for those who run it is not run for those who call it, as in the datasets' own judges
# kind: call assert referee
def solve(text):
    return text[::-1]
if __name__ == "__main__":
    print(solve(input()), int(input()))
