# expect: time_limit
loop = fn again -> again.(again) end
loop.(loop)
