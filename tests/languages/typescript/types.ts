// expect: ok
// stdout: "red 2\n"
enum Colour { Red = "red" }
interface Box<T> { readonly content: T }
abstract class Counter { constructor(protected count: number) {} abstract next(): number }
class Up extends Counter { next(): number { return ++this.count; } }
const box: Box<Colour> = { content: Colour.Red } as const;
console.log(box.content, new Up(1).next());
