// expect: memory_limit
const bomb = [];
for (;;) bomb.push(Buffer.alloc(1 << 20, 1));
