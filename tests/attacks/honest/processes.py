# expect: correct
# why: a pool of processes
import multiprocessing
def same(letter):
    return letter
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print("".join(pool.map(same, reversed(input()))))
