# expect: correct
# why: files in the working folder
text = input()
with open("scratch.txt", "w") as file:
    file.write(text)
print(open("scratch.txt").read()[::-1])
