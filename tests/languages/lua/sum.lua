-- expect: ok
-- stdin: "1 2\n"
-- stdout: "3\n"
local a, b = io.read("n", "n")
print(a + b)
