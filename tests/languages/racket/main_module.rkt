; expect: ok
; stdout: "first\nmain\n"
#lang racket
(displayln "first")
(module+ main (displayln "main"))
