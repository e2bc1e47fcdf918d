; expect: time_limit
#lang racket
(let loop () (loop))
