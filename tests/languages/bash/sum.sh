# expect: ok
# stdin: "1 2\n"
# stdout: "3\n"
read -r a b
echo $((a + b))
