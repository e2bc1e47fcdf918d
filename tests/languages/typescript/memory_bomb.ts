// expect: memory_limit
const bomb: number[][] = [];
for (;;) bomb.push(new Array<number>(100000).fill(bomb.length));
