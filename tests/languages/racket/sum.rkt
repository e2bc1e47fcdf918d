; expect: ok
; stdin: "1 2\n"
; stdout: "3\n"
#lang racket
(displayln (+ (read) (read)))
