# expect: correct
# why: an exception that the program itself handles
class Found(BaseException):
    pass
try:
    raise Found(input())
except Found as found:
    print(found.args[0][::-1])
