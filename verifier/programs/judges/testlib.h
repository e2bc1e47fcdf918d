// What checkers and interactors use of testlib, so that those of public problems compile and rule
// as with the original (github.com/MikeMirzayanov/testlib), in our own words.
//
// Streams `inf`, `ouf`, `ans`, verdicts by exit code (0 ok, 1 wrong, 2 form, 3 the checker's own
// fault, 7 points, 16 + n partial), patterns, and the helpers around them. Not here: generators'
// options, and the original's sequence of random numbers (`rnd` has one of its own, always the same).
#ifndef VERIFIER_TESTLIB_H
#define VERIFIER_TESTLIB_H

#include <bits/stdc++.h>
#include <unistd.h>

enum TResult {
    _ok = 0, _wa = 1, _pe = 2, _fail = 3, _dirt = 4, _points = 5, _unexpected_eof = 8,
    _sv = 10, _partially = 16
};
enum TMode { _input, _output, _answer };
enum TTestlibMode { _unknown, _checker, _validator, _generator, _interactor, _scorer };
#define _pc(percent) (TResult(_partially + (percent)))
#ifndef PI
#define PI 3.1415926535897932384626433832795
#endif
#define NORETURN [[noreturn]]
#define I64 "%lld"
#define U64 "%llu"
#define LF ((char)10)
#define CR ((char)13)
#define TAB ((char)9)
#define SPACE ((char)' ')
#define EOFC (255)

inline std::string checkerName = "untitled checker";
inline TTestlibMode testlibMode = _unknown;
inline std::fstream tout;

// ---- texts ----

inline std::string verifier_vformat(const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = std::vsnprintf(nullptr, 0, format, again);
    va_end(again);
    if (length < 0) return "";
    std::string text(std::size_t(length) + 1, '\0');
    std::vsnprintf(&text[0], text.size(), format, arguments);
    text.resize(std::size_t(length));
    return text;
}
#define VERIFIER_FORMATTED(format, text)                    \
    va_list arguments_;                                     \
    va_start(arguments_, format);                           \
    std::string text = verifier_vformat(format, arguments_); \
    va_end(arguments_)

inline std::string format(const char *pattern_, ...) {
    VERIFIER_FORMATTED(pattern_, text);
    return text;
}
inline std::string format(const std::string pattern_, ...) {
    va_list arguments_;
    va_start(arguments_, pattern_);
    std::string text = verifier_vformat(pattern_.c_str(), arguments_);
    va_end(arguments_);
    return text;
}
inline std::string testlib_format_(const char *pattern_, ...) {
    VERIFIER_FORMATTED(pattern_, text);
    return text;
}

template <typename T> std::string vtos(const T &value) {
    std::ostringstream text;
    text << value;
    return text.str();
}
template <typename T> std::string toString(const T &value) { return vtos(value); }
template <typename T> std::string toHumanReadableString(const T &value) { return vtos(value); }

inline std::string upperCase(std::string text) {
    for (char &c : text) if ('a' <= c && c <= 'z') c = char(c - 'a' + 'A');
    return text;
}
inline std::string lowerCase(std::string text) {
    for (char &c : text) if ('A' <= c && c <= 'Z') c = char(c - 'A' + 'a');
    return text;
}
inline bool isEof(int c) { return c == EOF; }
inline bool isEoln(int c) { return c == '\n' || c == '\r'; }
inline bool isBlanks(int c) { return isEoln(c) || c == ' ' || c == '\t'; }
inline std::string trim(const std::string &text) {
    std::size_t from = 0, to = text.size();
    while (from < to && isBlanks(text[from])) from++;
    while (to > from && isBlanks(text[to - 1])) to--;
    return text.substr(from, to - from);
}
// The two ends of a text that is too long for a message.
inline std::string stringPart(const std::string &text) {
    std::string shown = text;
    std::replace(shown.begin(), shown.end(), '\0', '~');
    if (shown.size() <= 64) return shown;
    return shown.substr(0, 30) + "..." + shown.substr(shown.size() - 31);
}
inline std::string __testlib_part(const std::string &text) { return stringPart(text); }
inline std::string compress(const std::string &text) { return stringPart(text); }
inline std::string englishEnding(int number) {
    number %= 100;
    if (number / 10 == 1) return "th";
    switch (number % 10) {
        case 1: return "st";
        case 2: return "nd";
        case 3: return "rd";
        default: return "th";
    }
}
template <typename I, typename S> std::string join(I first, I last, S separator) {
    std::ostringstream text;
    for (I at = first; at != last; ++at) {
        if (at != first) text << separator;
        text << *at;
    }
    return text.str();
}
template <typename I> std::string join(I first, I last) { return join(first, last, ' '); }
template <typename C, typename S> std::string join(const C &parts, S separator) {
    return join(parts.begin(), parts.end(), separator);
}
template <typename C> std::string join(const C &parts) { return join(parts.begin(), parts.end(), ' '); }
inline std::vector<std::string> verifier_split(const std::string &text, const std::string &at, bool empty) {
    std::vector<std::string> parts(1);
    for (char c : text)
        if (at.find(c) != std::string::npos) parts.emplace_back();
        else parts.back() += c;
    if (!empty)
        parts.erase(std::remove(parts.begin(), parts.end(), std::string()), parts.end());
    return parts;
}
inline std::vector<std::string> split(const std::string &text, char at) { return verifier_split(text, {at}, true); }
inline std::vector<std::string> split(const std::string &text, const std::string &at) {
    return verifier_split(text, at, true);
}
inline std::vector<std::string> tokenize(const std::string &text, char at) { return verifier_split(text, {at}, false); }
inline std::vector<std::string> tokenize(const std::string &text, const std::string &at) {
    return verifier_split(text, at, false);
}
// Whether two texts are the same but for white space.
inline bool compareTokens(const std::string &one, const std::string &other) {
    return tokenize(one, " \t\r\n") == tokenize(other, " \t\r\n");
}

// ---- numbers ----

inline bool __testlib_isNaN(double value) { return std::isnan(value); }
inline bool __testlib_isInfinite(double value) { return std::isinf(value); }

inline bool doubleCompare(double expected, double result, double error) {
    error += 1e-15;
    if (std::isnan(expected) || std::isnan(result)) return std::isnan(expected) && std::isnan(result);
    if (std::isinf(expected) || std::isinf(result)) return expected == result;
    if (std::fabs(result - expected) <= error) return true;
    double one = expected * (1 - error), other = expected * (1 + error);
    return std::min(one, other) <= result && result <= std::max(one, other);
}
inline double doubleDelta(double expected, double result) {
    double absolute = std::fabs(result - expected);
    if (std::fabs(expected) <= 1e-9) return absolute;
    return std::min(absolute, std::fabs(absolute / expected));
}
inline std::string removeDoubleTrailingZeroes(std::string text) {
    while (!text.empty() && text.back() == '0' && text.find('.') != std::string::npos) text.pop_back();
    if (!text.empty() && text.back() == '.') text += '0';
    return text;
}

// ---- patterns: characters, [sets], {counts}, * + ?, |, (groups), \ before what is meant literally.
// Greedy without a way back, as the original has it. ----

class pattern {
public:
    pattern(const std::string &source) : source_(source) {
        std::size_t at = 0;
        top_ = choice(at);
        if (at != source_.size()) fail();
    }
    pattern(const char *source) : pattern(std::string(source)) {}
    bool matches(const std::string &text) const {
        std::set<std::size_t> ends = walk(top_, text, {0});
        return ends.count(text.size()) > 0;
    }
    std::string src() const { return source_; }

private:
    struct Node {
        int kind = 0;  // 0 set, 1 sequence, 2 choice
        std::bitset<256> set;
        std::vector<Node> parts;
        long from = 1, to = 1;
    };
    [[noreturn]] void fail() const;
    std::string source_;
    Node top_;

    unsigned char character(std::size_t &at) const {
        if (source_[at] == '\\' && at + 1 < source_.size()) at++;
        return (unsigned char)source_[at++];
    }
    Node choice(std::size_t &at) const {
        Node node;
        node.kind = 2;
        node.parts.push_back(sequence(at));
        while (at < source_.size() && source_[at] == '|') node.parts.push_back(sequence(++at));
        return node;
    }
    Node sequence(std::size_t &at) const {
        Node node;
        node.kind = 1;
        while (at < source_.size() && source_[at] != '|' && source_[at] != ')') {
            node.parts.push_back(atom(at));
            counts(at, node.parts.back());
        }
        return node;
    }
    Node atom(std::size_t &at) const {
        if (source_[at] == '(') {
            Node node = choice(++at);
            if (at >= source_.size() || source_[at] != ')') fail();
            at++;
            return node;
        }
        Node node;
        if (source_[at] != '[') {
            node.set.set(character(at));
            return node;
        }
        bool inverted = ++at < source_.size() && source_[at] == '^';
        if (inverted) at++;
        while (at < source_.size() && source_[at] != ']') {
            unsigned char from = character(at), to = from;
            if (at + 1 < source_.size() && source_[at] == '-' && source_[at + 1] != ']') to = character(++at);
            for (int c = from; c <= to; c++) node.set.set(std::size_t(c));
        }
        if (at >= source_.size()) fail();
        at++;
        if (inverted) node.set.flip();
        return node;
    }
    void counts(std::size_t &at, Node &node) const {
        if (at >= source_.size()) return;
        const long many = LONG_MAX;
        char c = source_[at];
        if (c == '*') node.from = 0, node.to = many, at++;
        else if (c == '+') node.from = 1, node.to = many, at++;
        else if (c == '?') node.from = 0, node.to = 1, at++;
        else if (c == '{') {
            std::size_t end = source_.find('}', at);
            if (end == std::string::npos) fail();
            std::string inside = source_.substr(at + 1, end - at - 1);
            std::size_t comma = inside.find(',');
            node.from = std::atol(inside.c_str());
            if (comma == std::string::npos) node.to = node.from;
            else node.to = comma + 1 < inside.size() ? std::atol(inside.c_str() + comma + 1) : many;
            at = end + 1;
        }
    }
    // Where the text may be once the node has taken its part, from each of these places.
    static std::set<std::size_t> once(const Node &node, const std::string &text, const std::set<std::size_t> &at) {
        std::set<std::size_t> ends;
        if (node.kind == 0) {
            for (std::size_t place : at)
                if (place < text.size() && node.set[(unsigned char)text[place]]) ends.insert(place + 1);
        } else if (node.kind == 1) {
            ends = at;
            for (const Node &part : node.parts) ends = walk(part, text, ends);
        } else {
            for (const Node &part : node.parts) {
                std::set<std::size_t> more = walk(part, text, at);
                ends.insert(more.begin(), more.end());
            }
        }
        return ends;
    }
    static std::set<std::size_t> walk(const Node &node, const std::string &text, std::set<std::size_t> at) {
        if (node.kind == 0 && at.size() == 1 && (node.from != 1 || node.to != 1)) {
            std::size_t place = *at.begin(), end = place;
            while (end < text.size() && long(end - place) < node.to && node.set[(unsigned char)text[end]]) end++;
            std::set<std::size_t> ends;
            if (end == text.size() && long(end - place) >= node.from) return {end};
            for (std::size_t stop = end + 1; stop-- > place + std::size_t(node.from);) ends.insert(stop);
            return ends;
        }
        std::set<std::size_t> ends;
        if (node.from == 0) ends = at;
        for (long round = 1; round <= node.to && !at.empty(); round++) {
            at = once(node, text, at);
            std::size_t known = ends.size();
            if (round >= node.from) {
                ends.insert(at.begin(), at.end());
                if (ends.size() == known) break;
            }
        }
        return ends;
    }
};

// ---- verdicts ----

class InStream;
NORETURN inline void quit(TResult result, const std::string &message);
NORETURN inline void quitf(TResult result, const char *format, ...) __attribute__((format(printf, 2, 3)));

// ---- streams ----

class InStream {
public:
    std::string name = "";
    TMode mode = _input;
    bool strict = false;
    bool opened = false;
    int readManyIteration = INT_MAX;
    std::size_t maxTokenLength = 32u << 20, maxMessageLength = 32000, maxFileSize = 128u << 20;
    int lastLine = 1;

    InStream() = default;
    InStream(const InStream &like, const std::string &content)
        : name("based on " + like.name), mode(like.mode), strict(like.strict), opened(true), line_(1),
          content_(content) {}
    InStream(const InStream &) = delete;
    InStream &operator=(const InStream &) = delete;

    void init(const std::string &path, TMode is) {
        mode = is, name = path;
        std::ifstream file(path, std::ios::binary);
        if (!file) {
            if (is == _output) quit(_pe, "there is no output");
            quit(_fail, "cannot open " + path);
        }
        std::ostringstream all;
        all << file.rdbuf();
        content_ = all.str();
        opened = true;
    }
    void init(std::FILE *file, TMode is) {
        mode = is, name = "stdin", file_ = file, opened = true;
    }
    void close() { opened = false; }
    void skipBom() {
        if (content_.compare(at_, 3, "\xEF\xBB\xBF") == 0) at_ += 3;
    }

    // Characters.
    int peek() {
        int c = take();
        back(c);
        return c;
    }
    char curChar() { return char(peek()); }
    char nextChar() { return char(take()); }
    void skipChar() { take(); }
    char readChar() { return nextChar(); }
    char readChar(char wanted) {
        char found = readChar();
        if (found != wanted) quit(_pe, std::string("Unexpected character '") + found + "', but '" + wanted + "' expected");
        return found;
    }
    char readSpace() { return readChar(' '); }
    void unreadChar(char c) { back((unsigned char)c); }
    void skipBlanks() {
        while (isBlanks(peek())) take();
    }

    // Ends.
    bool eof() { return peek() == EOF; }
    bool seekEof() {
        skipBlanks();
        return eof();
    }
    bool eoln() {
        int c = take();
        if (strict) {
            if (c != '\n') back(c);
            return c == '\n';
        }
        if (c == EOF || c == '\n') return true;
        if (c == '\r') {
            if (peek() == '\n') {
                take();
                return true;
            }
        }
        back(c);
        return false;
    }
    bool seekEoln() {
        while (peek() == ' ' || peek() == '\t') take();
        return eoln();
    }
    void readEoln() {
        if (!eoln()) quit(_pe, "Expected EOLN");
    }
    void readEof() {
        if (!eof()) quit(_pe, "Expected EOF");
    }
    void nextLine() { readLine(); }

    // Words.
    std::string readWord() {
        std::string word;
        readWordTo(word);
        return word;
    }
    void readWordTo(std::string &word) {
        if (!strict) skipBlanks();
        int c = take();
        if (c == EOF) quit(_unexpected_eof, "Unexpected end of file - token expected");
        if (isBlanks(c)) quit(_pe, "Unexpected white-space - token expected");
        word.clear();
        while (c != EOF && !isBlanks(c)) {
            word += char(c);
            if (word.size() > maxTokenLength) quit(_pe, "the token '" + stringPart(word) + "' is too long");
            c = take();
        }
        back(c);
    }
    std::string readWord(const pattern &like, const std::string &variable = "") {
        return like_(readWord(), like, variable, "Token");
    }
    std::string readToken() { return readWord(); }
    std::string readToken(const pattern &like, const std::string &variable = "") { return readWord(like, variable); }
    std::string readWord(const std::string &like, const std::string &variable = "") {
        return readWord(pattern(like), variable);
    }
    std::string readToken(const std::string &like, const std::string &variable = "") {
        return readWord(pattern(like), variable);
    }
    std::string readToken(const char *like, const std::string &variable = "") { return readWord(pattern(like), variable); }
    std::string readWord(const char *like, const std::string &variable = "") { return readWord(pattern(like), variable); }
    template <typename... A> void readWordTo(std::string &word, const A &...more) { word = readWord(more...); }
    template <typename... A> void readTokenTo(std::string &word, const A &...more) { word = readWord(more...); }

    // Lines.
    std::string readLine() {
        std::string line;
        readStringTo(line);
        return line;
    }
    std::string readString() { return readLine(); }
    void readStringTo(std::string &line) {
        line.clear();
        for (int c = peek(); c != '\n' && c != EOF; c = peek()) {
            take();
            if (c == '\r' && peek() == '\n') {
                back(c);
                break;
            }
            line += char(c);
        }
        if (strict) readEoln();
        else eoln();
    }
    void readLineTo(std::string &line) { readStringTo(line); }
    std::string readLine(const pattern &like, const std::string &variable = "") {
        return like_(readLine(), like, variable, "Line");
    }
    std::string readLine(const std::string &like, const std::string &variable = "") {
        return readLine(pattern(like), variable);
    }
    std::string readLine(const char *like, const std::string &variable = "") { return readLine(pattern(like), variable); }
    template <typename P> std::string readString(const P &like, const std::string &variable = "") {
        return readLine(like, variable);
    }
    template <typename P> void readStringTo(std::string &line, const P &like, const std::string &variable = "") {
        line = readLine(like, variable);
    }
    template <typename P> void readLineTo(std::string &line, const P &like, const std::string &variable = "") {
        line = readLine(like, variable);
    }

    // Numbers.
    long long readLong() { return stringToLong_(number_("int64")); }
    unsigned long long readUnsignedLong() {
        std::string word = number_("uint64");
        bool plain = word.find_first_not_of("0123456789") == std::string::npos && word.size() <= 20;
        errno = 0;
        unsigned long long value = plain ? std::strtoull(word.c_str(), nullptr, 10) : 0;
        if (!plain || (word[0] == '0' && word.size() > 1) || errno == ERANGE) expected_("unsigned integer", word);
        return value;
    }
    int readInteger() {
        long long value = readLong();
        if (value < INT_MIN || value > INT_MAX) expected_("int32", vtos(value));
        return int(value);
    }
    int readInt() { return readInteger(); }
    long long readLong(long long from, long long to, const std::string &variable = "") {
        return within_(readLong(), from, to, variable, "Integer");
    }
    unsigned long long readUnsignedLong(unsigned long long from, unsigned long long to, const std::string &variable = "") {
        return within_(readUnsignedLong(), from, to, variable, "Unsigned integer");
    }
    int readInteger(int from, int to, const std::string &variable = "") {
        return within_(readInteger(), from, to, variable, "Integer");
    }
    int readInt(int from, int to, const std::string &variable = "") { return readInteger(from, to, variable); }
    double readReal() { return stringToReal_(number_("double")); }
    double readDouble() { return readReal(); }
    double readReal(double from, double to, const std::string &variable = "") {
        return within_(readReal(), from, to, variable, "Double");
    }
    double readDouble(double from, double to, const std::string &variable = "") { return readReal(from, to, variable); }
    double readStrictReal(double from, double to, int fewest, int most, const std::string &variable = "") {
        std::string word = number_("strict double");
        std::size_t start = word[0] == '-' ? 1 : 0, point = word.find('.');
        std::string whole = word.substr(start, point == std::string::npos ? std::string::npos : point - start);
        std::string fraction = point == std::string::npos ? "" : word.substr(point + 1);
        const char *digits = "0123456789";
        bool plain = !whole.empty() && whole.find_first_not_of(digits) == std::string::npos &&
                     fraction.find_first_not_of(digits) == std::string::npos &&
                     (point == std::string::npos || !fraction.empty()) && (whole[0] != '0' || whole.size() == 1);
        double value = std::strtod(word.c_str(), nullptr);
        if (!plain || int(fraction.size()) < fewest || int(fraction.size()) > most || (start && value >= 0))
            expected_("strict double", word);
        return within_(value, from, to, variable, "Strict double");
    }
    double readStrictDouble(double from, double to, int fewest, int most, const std::string &variable = "") {
        return readStrictReal(from, to, fewest, most, variable);
    }

    // Many of one kind: (count[, what one is read with][, name][, index of the first]).
#define VERIFIER_MANY(many, one, type)                                                                        \
    std::vector<type> many(int count, int first = 1) {                                                        \
        return many_<type>(count, first, [&] { return one(); });                                              \
    }
#define VERIFIER_MANY_WITHIN(many, one, type, bound)                                                          \
    VERIFIER_MANY(many, one, type)                                                                            \
    std::vector<type> many(int count, bound from, bound to, const std::string &variable = "", int first = 1) { \
        return many_<type>(count, first, [&] { return one(from, to, variable); });                            \
    }
#define VERIFIER_MANY_LIKE(many, one)                                                                         \
    VERIFIER_MANY(many, one, std::string)                                                                     \
    std::vector<std::string> many(int count, const pattern &like, const std::string &variable = "", int first = 1) { \
        return many_<std::string>(count, first, [&] { return one(like, variable); });                         \
    }                                                                                                         \
    std::vector<std::string> many(int count, const std::string &like, const std::string &variable = "", int first = 1) { \
        return many(count, pattern(like), variable, first);                                                   \
    }
    VERIFIER_MANY_WITHIN(readInts, readInt, int, int)
    VERIFIER_MANY_WITHIN(readIntegers, readInteger, int, int)
    VERIFIER_MANY_WITHIN(readLongs, readLong, long long, long long)
    VERIFIER_MANY_WITHIN(readUnsignedLongs, readUnsignedLong, unsigned long long, unsigned long long)
    VERIFIER_MANY_WITHIN(readReals, readReal, double, double)
    VERIFIER_MANY_WITHIN(readDoubles, readDouble, double, double)
    VERIFIER_MANY_LIKE(readWords, readWord)
    VERIFIER_MANY_LIKE(readTokens, readToken)
    VERIFIER_MANY_LIKE(readLines, readLine)
    VERIFIER_MANY_LIKE(readStrings, readLine)
    std::vector<double> readStrictReals(int count, double from, double to, int fewest, int most,
                                        const std::string &variable = "", int first = 1) {
        return many_<double>(count, first, [&] { return readStrictReal(from, to, fewest, most, variable); });
    }
    std::vector<double> readStrictDoubles(int count, double from, double to, int fewest, int most,
                                          const std::string &variable = "", int first = 1) {
        return readStrictReals(count, from, to, fewest, most, variable, first);
    }

    // Verdicts: what is wrong with the jury's own files is the checker's failure.
    NORETURN void quit(TResult result, const std::string &message) {
        if (mode != _output && result != _fail) ::quit(_fail, message + " (" + name + ")");
        ::quit(result, message);
    }
    NORETURN void quits(TResult result, const std::string &message) { quit(result, message); }
    NORETURN void quitf(TResult result, const char *form, ...) __attribute__((format(printf, 3, 4))) {
        VERIFIER_FORMATTED(form, text);
        quit(result, text);
    }
    void quitif(bool condition, TResult result, const char *form, ...) __attribute__((format(printf, 4, 5))) {
        if (!condition) return;
        VERIFIER_FORMATTED(form, text);
        quit(result, text);
    }
    void ensuref(bool condition, const char *form, ...) __attribute__((format(printf, 3, 4))) {
        if (condition) return;
        VERIFIER_FORMATTED(form, text);
        quit(_wa, text);
    }
    void setTestCase(int) {}

private:
    int line_ = 1;
    std::string content_;
    std::size_t at_ = 0;
    std::FILE *file_ = nullptr;
    std::vector<int> returned_;

    int take() {
        if (!returned_.empty()) {
            int c = returned_.back();
            returned_.pop_back();
            return c;
        }
        if (file_ != nullptr) return std::getc(file_);
        return at_ < content_.size() ? (unsigned char)content_[at_++] : EOF;
    }
    void back(int c) {
        if (file_ == nullptr && c != EOF && at_ > 0 && returned_.empty() && (unsigned char)content_[at_ - 1] == c) at_--;
        else if (file_ != nullptr || c != EOF) returned_.push_back(c);
    }
    std::string number_(const char *kind) {
        if (!strict && seekEof()) quit(_unexpected_eof, std::string("Unexpected end of file - ") + kind + " expected");
        return readWord();
    }
public:
    long long stringToLong_(const std::string &word) {
        bool negative = word[0] == '-' && word.size() > 1;
        const std::string digits = word.substr(negative ? 1 : 0);
        bool plain = digits.find_first_not_of("0123456789") == std::string::npos && digits.size() <= 19;
        bool padded = digits[0] == '0' && (digits.size() > 1 || negative);
        errno = 0;
        long long value = plain ? std::strtoll(word.c_str(), nullptr, 10) : 0;
        if (!plain || padded || errno == ERANGE || digits.empty()) expected_("integer", word);
        return value;
    }
    double stringToReal_(const std::string &word) {
        bool plain = word.find_first_not_of("0123456789.eE+-") == std::string::npos;
        char *end = nullptr;
        double value = plain ? std::strtod(word.c_str(), &end) : 0;
        if (!plain || word.empty() || end != word.c_str() + word.size() || std::isnan(value)) expected_("double", word);
        return value;
    }

private:
    NORETURN void expected_(const char *kind, const std::string &found) {
        quit(_pe, std::string("Expected ") + kind + ", but \"" + stringPart(found) + "\" found");
    }
    std::string element_(const char *kind, const std::string &variable) {
        if (readManyIteration != INT_MAX)
            return std::string(kind) + " element " + variable + "[" + vtos(readManyIteration) + "]";
        return variable.empty() ? std::string(kind) : std::string(kind) + " parameter [name=" + variable + "]";
    }
    template <typename T>
    T within_(T value, T from, T to, const std::string &variable, const char *kind) {
        if (!(from <= value && value <= to))
            quit(_wa, element_(kind, variable) + " equals to " + vtos(value) + ", violates the range [" + vtos(from) + ", " +
                          vtos(to) + "]");
        return value;
    }
    std::string like_(const std::string &text, const pattern &like, const std::string &variable, const char *kind) {
        if (!like.matches(text))
            quit(_wa, element_(kind, variable) + " equals to \"" + stringPart(text) + "\", doesn't correspond to pattern \"" +
                          like.src() + "\"");
        return text;
    }
    template <typename T, typename F> std::vector<T> many_(int count, int first, F one) {
        if (count < 0 || count > 100000000) ::quit(_fail, "the count of what to read must be 0 to 100000000");
        std::vector<T> all;
        for (int number = 0; number < count; number++) {
            readManyIteration = first + number;
            all.push_back(one());
            if (strict && number + 1 < count && !std::is_same<T, std::string>::value) readSpace();
        }
        readManyIteration = INT_MAX;
        return all;
    }
};

inline InStream inf, ouf, ans;

inline long long stringToLongLong(InStream &in, const std::string &word) { return in.stringToLong_(word); }
inline double stringToDouble(InStream &in, const std::string &word) { return in.stringToReal_(word); }

// ---- ending ----

inline bool verifier_must_quit = false;
inline int testlibTestCase_ = 0;
inline void disableFinalizeGuard() { verifier_must_quit = false; }
inline void setTestCase(int number) { testlibTestCase_ = number; }
inline void unsetTestCase() { testlibTestCase_ = 0; }
inline int resultExitCode(TResult result) {
    if (result == _points) return 7;
    if (result == _dirt || result == _unexpected_eof) return 2;
    return int(result);
}
NORETURN inline void halt(int code) {
    verifier_must_quit = false;
    std::fflush(stdout);
    std::cout.flush();
    if (tout.is_open()) tout.close();
    std::_Exit(code);
}
NORETURN inline void quit(TResult result, const std::string &message) {
    bool is_good = result == _ok || result == _points || result >= _partially;
    if (is_good && testlibMode == _checker && ouf.opened && !ouf.seekEof())
        quit(_dirt, "Extra information in the output file");
    const char *said = result == _ok ? "ok " : result == _wa ? "wrong answer " : result == _fail ? "FAIL "
                       : result == _points ? "points " : "wrong output format ";
    if (result >= _partially) std::fprintf(stderr, "partially correct (%d) ", int(result) - int(_partially));
    else std::fputs(said, stderr);
    std::fprintf(stderr, "%s\n", trim(message).c_str());
    halt(resultExitCode(result));
}
NORETURN inline void quit(TResult result, const char *message) { quit(result, std::string(message)); }
NORETURN inline void quitf(TResult result, const char *form, ...) {
    VERIFIER_FORMATTED(form, text);
    quit(result, text);
}
__attribute__((format(printf, 3, 4))) inline void quitif(bool condition, TResult result, const char *form, ...) {
    if (!condition) return;
    VERIFIER_FORMATTED(form, text);
    quit(result, text);
}
NORETURN inline void verifier_quitp(double points, const std::string &message) {
    if (!(points >= -1e-8 && points <= 1e6 + 1e-8)) quit(_fail, "points must be a number from 0 to 1000000");
    std::string shown = removeDoubleTrailingZeroes(format("%.10f", std::max(points, 0.0)));
    quit(_points, message.empty() ? shown : shown + " " + message);
}
NORETURN inline void quitp(double points, const std::string &message = "") { verifier_quitp(points, message); }
NORETURN inline void quitp(float points, const std::string &message = "") { verifier_quitp(points, message); }
NORETURN inline void quitp(long double points, const std::string &message = "") { verifier_quitp(double(points), message); }
NORETURN inline void quitp(int points, const std::string &message = "") { verifier_quitp(points, message); }
template <typename N> NORETURN void quitp(N points, const char *form, ...) {
    VERIFIER_FORMATTED(form, text);
    verifier_quitp(double(points), text);
}
NORETURN inline void quitpi(const std::string &information, const std::string &message = "") {
    quit(_points, "points_info=" + information + " " + message);
}
NORETURN inline void __testlib_fail(const std::string &message) { quit(_fail, message); }
inline void pattern::fail() const { quit(_fail, "the pattern \"" + source_ + "\" cannot be read"); }

#define ensure(condition) \
    do { if (!(condition)) quit(_fail, "Condition failed: \"" #condition "\""); } while (false)
#define ensure_ext(condition) ensure(condition)
__attribute__((format(printf, 2, 3))) inline void ensuref(bool condition, const char *form, ...) {
    if (condition) return;
    VERIFIER_FORMATTED(form, text);
    quit(_fail, text);
}
template <typename T>
NORETURN void expectedButFound(TResult result, T expected, T found, const char *form = "", ...) {
    VERIFIER_FORMATTED(form, before);
    std::ostringstream text;
    text << std::setprecision(12);
    if (!before.empty()) text << before << ": ";
    text << "expected '" << expected << "', but found '" << found << "'";
    quit(result, text.str());
}
__attribute__((format(printf, 1, 2))) inline void setName(const char *form, ...) {
    VERIFIER_FORMATTED(form, text);
    checkerName = text;
}

// ---- beginnings ----

inline std::string verifier_testset, verifier_group;
inline std::string getTestset() { return verifier_testset; }
inline std::string getGroup() { return verifier_group; }
inline std::vector<std::string> verifier_begin(TTestlibMode mode, int argc, char *argv[]) {
    testlibMode = mode;
    verifier_must_quit = mode == _checker || mode == _interactor;
    std::atexit([] {
        if (verifier_must_quit) {
            std::fputs("FAIL it must end with quit or quitf\n", stderr);
            std::_Exit(resultExitCode(_fail));
        }
    });
    std::vector<std::string> paths;
    for (int at = 1; at < argc; at++) {
        std::string word = argv[at];
        bool has_value = at + 1 < argc;
        if (word == "--testset" && has_value) verifier_testset = argv[++at];
        else if (word == "--group" && has_value) verifier_group = argv[++at];
        else paths.push_back(word);
    }
    return paths;
}
inline void registerTestlibCmd(int argc, char *argv[]) {
    std::vector<std::string> paths = verifier_begin(_checker, argc, argv);
    if (paths.size() < 3) quit(_fail, "A checker needs the paths of input, output and answer");
    inf.init(paths[0], _input);
    ouf.init(paths[1], _output);
    ouf.skipBom();
    ans.init(paths[2], _answer);
}
inline void registerTestlib(int argc, ...) {
    va_list given;
    va_start(given, argc);
    std::vector<char *> paths(1, nullptr);
    for (int at = 0; at < argc; at++) paths.push_back(va_arg(given, char *));
    va_end(given);
    registerTestlibCmd(int(paths.size()), paths.data());
}
inline void registerInteraction(int argc, char *argv[]) {
    std::vector<std::string> paths = verifier_begin(_interactor, argc, argv);
    if (paths.size() < 2) quit(_fail, "An interactor needs the paths of input and output");
    inf.init(paths[0], _input);
    tout.open(paths[1], std::ios::out);
    if (!tout) quit(_fail, "cannot write to " + paths[1]);
    ouf.init(stdin, _output);
    if (paths.size() > 2) ans.init(paths[2], _answer);
}
inline void registerValidation(int argc = 0, char *argv[] = nullptr) {
    verifier_begin(_validator, argc, argv);
    inf.init(stdin, _input);
    inf.strict = true;
}

// ---- random numbers: always the same ones ----

class random_t {
public:
    void setSeed(long long seed) { engine_.seed((unsigned long long)seed); }
    int next(int below) { return int(next((long long)below)); }
    unsigned next(unsigned below) { return unsigned(next((long long)below)); }
    long long next(long long below) {
        if (below <= 0) quit(_fail, "random_t::next needs a positive number");
        return (long long)(engine_() % (unsigned long long)below);
    }
    double next() { return double(engine_() >> 11) / 9007199254740992.0; }
    double next(double below) { return next() * below; }
    int next(int from, int to) { return int(next((long long)from, (long long)to)); }
    long long next(long long from, long long to) {
        if (from > to) quit(_fail, "random_t::next needs a range");
        unsigned long long size = (unsigned long long)to - (unsigned long long)from + 1;
        return (long long)((unsigned long long)from + (size ? engine_() % size : engine_()));
    }
    double next(double from, double to) { return from + next() * (to - from); }
    template <typename T> T wnext(T below, int weight) { return wnext(T(0), T(below - 1), weight); }
    template <typename T> T wnext(T from, T to, int weight) {
        T best = next(from, to);
        for (int more = std::abs(weight); more > 0; more--)
            best = weight > 0 ? std::max(best, next(from, to)) : std::min(best, next(from, to));
        return best;
    }
    template <typename C> typename C::value_type any(const C &all) {
        return *std::next(all.begin(), next((long long)all.size()));
    }
    template <typename I> typename I::value_type any(const I &from, const I &to) {
        return *std::next(from, next((long long)(to - from)));
    }
    template <typename T> std::vector<T> perm(T size, T first = 0) {
        std::vector<T> all((std::size_t(size)));
        std::iota(all.begin(), all.end(), first);
        for (std::size_t at = 1; at < all.size(); at++) std::swap(all[at], all[std::size_t(next((long long)at + 1))]);
        return all;
    }

private:
    std::mt19937_64 engine_{0x5DEECE66DULL};
};
inline random_t rnd;
template <typename I> void shuffle(I first, I last) {
    for (I at = first; at != last; ++at) std::iter_swap(at, first + rnd.next((long long)(at - first) + 1));
}
inline void startTest(int) {}
// A value as it is, or what a collection holds with spaces between.
template <typename T> void printValue(const T &value) {
    if constexpr (requires { std::cout << value; }) std::cout << value;
    else {
        const char *gap = "";
        for (const auto &item : value) {
            std::cout << gap;
            printValue(item);
            gap = " ";
        }
    }
}
template <typename T, typename... M> void println(const T &value, const M &...more) {
    printValue(value);
    ((std::cout << " ", printValue(more)), ...);
    std::cout << std::endl;
}
// Of two iterators, all between them.
template <std::input_iterator I> requires(!std::is_convertible_v<I, std::string>)
void println(const I &from, const I &to) {
    println(std::vector<typename std::iterator_traits<I>::value_type>(from, to));
}

#endif
