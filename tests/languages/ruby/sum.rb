# expect: ok
# stdin: "1 2\n"
# stdout: "3\n"
a, b = gets.split.map(&:to_i)
puts a + b
