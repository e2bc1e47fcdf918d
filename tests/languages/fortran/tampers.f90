! expect: ok
! stdout: "clean\n"
! runs: 3
call execute_command_line( &
    'set -- $(ls -A /tmp /dev/shm | grep -v : | grep -v Rtmp); te' // &
    'st $# = 0 && echo clean || echo found; for way in /proc/$PPI' // &
    'D/fd/3 /dev/fd/3 /tmp/left /dev/shm/left; do echo altered > ' // &
    '$way; done 2> /dev/null; mkdir -p /tmp/deep/er')
end
