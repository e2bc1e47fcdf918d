// expect: nonzero_exit
test('doubles', () => { expect(1).toBe(2); });
