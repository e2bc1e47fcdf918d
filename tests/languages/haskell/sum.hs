-- expect: ok
-- stdin: "1 2\n"
-- stdout: "3\n"
main = interact $ \text -> show (sum (map read (words text))) ++ "\n"
