-- expect: memory_limit
local all = {}
while true do all[#all + 1] = ("x"):rep(1 << 22) .. #all end
