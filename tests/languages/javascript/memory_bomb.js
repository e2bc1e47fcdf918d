// expect: memory_limit
const bomb = [];
for (;;) bomb.push(new Array(100000).fill(bomb.length));
