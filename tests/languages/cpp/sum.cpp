// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
#include <bits/stdc++.h>
using namespace std;

int main() {
    int a, b;
    cin >> a >> b;
    cout << a + b << endl;
}
