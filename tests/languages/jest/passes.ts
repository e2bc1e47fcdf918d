// expect: ok
import { expect, test } from '@jest/globals';

function doubled(n: number): number { return 2 * n; }

test('doubles', () => { expect(doubled(2)).toBe(4); });
