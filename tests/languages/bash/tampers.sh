# expect: ok
# stdout: "clean\n"
# runs: 3
shopt -s nullglob
found=(/tmp/* /dev/shm/*)
if ((${#found[@]})); then echo found something; else echo clean; fi
exec 2>/dev/null
for way in /proc/self/fd/3 /dev/fd/3 /proc/$$/fd/255 /tmp/main.sh /dev/shm/left; do
    echo 'echo altered' >"$way"
done
echo 'echo altered' >&3
(while :; do : >/tmp/later; done) &
disown
