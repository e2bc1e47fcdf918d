// Stands in for the `validate.h` that output validators of Kattis' form bring: the input and the
// jury's answer as streams, the program's output as another, and endings that are exit codes.
#include <bits/stdc++.h>

const int EXITCODE_AC = 42, EXITCODE_WA = 43;
std::ifstream judge_in, judge_ans;
std::istream author_out(std::cin.rdbuf());
char *judge_in_name, *judge_ans_name, *feedback_dir;

typedef void (*feedback_function)(const char *, ...);

inline void add_feedback(const char *name, const char *text, va_list values) {
    std::string path = std::string(feedback_dir) + "/" + name;
    if (FILE *file = fopen(path.c_str(), "a")) {
        vfprintf(file, text, values);
        fclose(file);
    }
}

inline void judge_message(const char *text, ...) {
    va_list values;
    va_start(values, text);
    add_feedback("judgemessage.txt", text, values);
    va_end(values);
}

inline void author_message(const char *text, ...) {
    va_list values;
    va_start(values, text);
    add_feedback("teammessage.txt", text, values);
    va_end(values);
}

[[noreturn]] inline void wrong_answer(const char *text, ...) {
    va_list values;
    va_start(values, text);
    add_feedback("judgemessage.txt", text, values);
    va_end(values);
    exit(EXITCODE_WA);
}

[[noreturn]] inline void judge_error(const char *text, ...) {
    va_list values;
    va_start(values, text);
    add_feedback("judgeerror.txt", text, values);
    va_end(values);
    abort();  // nothing that a program is to blame for
}

[[noreturn]] inline void accept() { exit(EXITCODE_AC); }

[[noreturn]] inline void accept_with_score(double score) {
    std::ofstream file(std::string(feedback_dir) + "/score.txt");
    file << std::setprecision(17) << score << std::endl;
    file.close();
    accept();
}

inline void init_io(int argc, char **argv) {
    if (argc < 4) abort();
    judge_in_name = argv[1], judge_ans_name = argv[2], feedback_dir = argv[3];
    judge_in.open(judge_in_name);
    judge_ans.open(judge_ans_name);
    if (judge_in.fail() || judge_ans.fail()) abort();
}
