import fc from 'fast-check';

/** Files that are nearly what they should be: damaged or cut anywhere. */
export function bytesAround(seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const damage = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    how: fc.constantFrom('bit', 'cut', 'end', 'put', 'twice'),
    piece: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  });
  return fc.tuple(fc.constantFrom(...seeds), fc.array(damage, { maxLength: 4 })).map(([seed, damages]) =>
    damages.reduce((bytes, { at, how, piece }) => {
      const from = Math.floor(at * bytes.length);
      const [before, after] = [bytes.subarray(0, from), bytes.subarray(from)];
      if (how === 'end') return before;
      if (how === 'cut') return Buffer.concat([before, after.subarray(piece.length)]);
      if (how === 'put') return Buffer.concat([before, piece, after]);
      if (how === 'twice') return Buffer.concat([before, after.subarray(0, 40), after]);
      const flipped = Buffer.from(bytes);
      if (flipped.length > 0) flipped[Math.min(from, flipped.length - 1)]! ^= 1 << (piece[0]! & 7);
      return flipped;
    }, seed),
  );
}
