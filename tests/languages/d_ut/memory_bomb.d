// expect: memory_limit
void main() { byte[][] all; while (true) { all ~= new byte[1 << 22]; all[$ - 1][] = 1; } }
