// expect: compile_error
template <int N> struct Flood { Flood<N + 1> next; int bad = "x" + N; };
Flood<0> flood;
int main() {}
