# expect: ok
# stdin: "1 2\n"
# stdout: "3\n"
n <- scan("stdin", quiet = TRUE)
cat(n[1] + n[2], "\n", sep = "")
