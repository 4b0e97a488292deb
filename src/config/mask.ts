/** The server of an URL whose path is a secret: `https://hc-ping.com/****`. */
export function maskPath(text: string): string {
  return URL.canParse(text) ? `${new URL(text).origin}/****` : '****';
}

/** A connection URL as it may be shown: its password is `****`, wherever it stands. What is no such URL is not shown at all. */
export function maskUrl(text: string): string {
  if (!/^postgres(ql)?(\+\w+)?:\/\//.test(text)) return '****';
  return text
    .replace(/^([^:]+:\/\/[^:/?#]*):.*@(?=[^@]*$)/s, '$1:****@')
    .replace(/([?&](?:password|sslpassword)=)[^&#]*/g, '$1****');
}

/** Keys of a provider as they may be shown: their kind, whether they are live, and their last four letters: `sk_live_****a1b2`. */
export function maskKey(text: string): string {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((key) => {
      const kind = /^([a-z]+_(?:live_|test_)?)/.exec(key)?.[1] ?? '';
      return `${kind}****${key.length - kind.length >= 16 ? key.slice(-4) : ''}`;
    })
    .join(', ');
}
