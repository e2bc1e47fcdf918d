// expect: time_limit
void main() { while (true) {} }
