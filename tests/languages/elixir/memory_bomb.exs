# expect: memory_limit
fill = fn again, all -> again.(again, [:binary.copy("x", 4194304) | all]) end
fill.(fill, [])
