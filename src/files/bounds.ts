/** The most characters that one row of a file may have, whatever its format. */
export const longestRow = 1_000_000;

/** What is said of a row that has more. */
export const tooLong = `the row is longer than ${longestRow.toLocaleString('en')} characters`;
