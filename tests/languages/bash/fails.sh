# expect: nonzero_exit
# stdout: "so far\n"
echo so far
exit 3
