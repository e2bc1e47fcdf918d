# expect: correct
# why: multiprocessing shares values through mapped files
import multiprocessing
def add(total, letters):
    with total.get_lock():
        total.value += len(letters)
if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    total, text = context.Value("i", 0), input()
    children = [context.Process(target=add, args=(total, text)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(text[::-1] if total.value == 2 * len(text) else "lost")
