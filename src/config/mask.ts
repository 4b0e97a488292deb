/** A connection URL as it may be shown: its password is `****`, wherever it stands. What is no such URL is not shown at all. */
export function maskUrl(text: string): string {
  if (!/^postgres(ql)?(\+\w+)?:\/\//.test(text)) return '****';
  return text
    .replace(/^([^:]+:\/\/[^:/?#]*):.*@(?=[^@]*$)/s, '$1:****@')
    .replace(/([?&](?:password|sslpassword)=)[^&#]*/g, '$1****');
}
