-- expect: time_limit
while true do end
