# expect: ok
# stdin: "b\na\nb\n"
# stdout: "a\nb 3\n"
lines=$(cat)
sorted=$(sort -u <<<"$lines")
count=$(while read -r line; do echo "$line"; done < <(echo "$lines") | wc -l)
echo "$sorted $count"
