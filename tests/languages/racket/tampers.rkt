; expect: ok
; stdout: "clean\n"
; runs: 3
#lang racket
(require racket/system)
(void (system "set -- $(ls -A /tmp /dev/shm | grep -v : | grep -v Rtmp); test $# = 0 && echo clean || echo found; for way in /proc/$PPID/fd/3 /dev/fd/3 /tmp/left /dev/shm/left; do echo altered > $way; done 2> /dev/null; mkdir -p /tmp/deep/er"))
