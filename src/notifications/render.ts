import { Failure } from '../domain/failure.ts';
import { findNotificationKind } from './kinds.ts';
import type { Message, Notification } from './notification.ts';

/** The operator's texts in place of the default ones; a missing text is the default one. */
export interface Template {
  subject?: string | undefined;
  text?: string | undefined;
  html?: string | undefined;
}

/**
 * Renders a notification as plain text and as HTML with the same content that loads nothing. `{{name}}` becomes the field, escaped in
 * HTML; a paragraph that is then empty is left out.
 * @throws Failure config for a template with a field that the kind does not have
 */
export function renderNotification(
  { kind, fields }: Pick<Notification, 'kind' | 'fields'>,
  template: Template = {},
): Message {
  const ours = findNotificationKind(kind);
  const known = {
    ...Object.fromEntries(Object.keys(ours?.fields ?? {}).map((name) => [name, ''])),
    ...fields,
  };
  const plain = (text: string) => fill(text, { kind, known });
  const subject = plain(template.subject ?? ours?.subject ?? kind)
    .replace(/\s+/g, ' ')
    .trim();
  const paragraphs = (template.text?.split(/\n{2,}/) ?? ours?.text ?? [JSON.stringify(fields)])
    .map((paragraph) => plain(paragraph).trim())
    .filter(Boolean);
  const html = template.html
    ? fill(template.html, { kind, known: mapped(known, escapeText) })
    : page(subject, { paragraphs, percent: known['percent'] });
  return { subject, text: `${paragraphs.join('\n\n')}\n`, html };
}

function fill(text: string, { kind, known }: { kind: string; known: Record<string, string> }): string {
  return text.replace(/\{\{\s*([a-z0-9_]+)\s*\}\}/g, (_, name: string) => {
    const value = known[name];
    if (value !== undefined) return value;
    throw new Failure('config', `The template of ${kind} names {{${name}}}, and there is no such field`, {
      hint: `It may name: ${Object.keys(known).sort().join(', ')}`,
    });
  });
}

function page(
  subject: string,
  { paragraphs, percent }: { paragraphs: readonly string[]; percent: string | undefined },
): string {
  const body = paragraphs
    .map((text) => `<p style="margin:0 0 12px">${linked(escapeText(text))}</p>`)
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeText(subject)}</title></head>
<body style="margin:0;padding:24px 12px;background:#f4f5f7;font:16px/1.5 system-ui,sans-serif;color:#1d2129">
<div style="max-width:560px;margin:0 auto;padding:24px 28px 16px;background:#fff;border:1px solid #e3e5e8;border-radius:8px">
<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${escapeText(subject)}</h1>
${gauge(percent)}${body}
</div>
</body>
</html>
`;
}

/** Draws the percentage as a bar without an image; nothing where the notification has no percentage. */
function gauge(percent: string | undefined): string {
  if (percent === undefined || !/^\d{1,6}(\.\d+)?$/.test(percent)) return '';
  const isFull = /^\d{3}/.test(percent);
  const [width, colour] = [isFull ? '100' : percent, isFull ? '#c0392b' : '#d68910'];
  return `<div style="margin:0 0 16px;height:8px;background:#e9ebee;border-radius:4px;overflow:hidden"><div style="width:${width}%;height:8px;background:${colour}"></div></div>\n`;
}

/** Turns addresses into links; the text is already escaped. */
function linked(text: string): string {
  return text.replace(/https:\/\/[^\s<]+/g, (url) => `<a href="${url}">${url}</a>`);
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function mapped(fields: Record<string, string>, work: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, work(value)]));
}
