/** The comment on each view of an integrity check, by its name with its schema. */
export function viewComments(): Map<string, string>;
