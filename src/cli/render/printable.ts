/** Of what anybody may have written, all that a terminal would obey: control signs, and those that turn the direction of writing. */
export const printable = (line: string): string =>
  line.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');

/** The same of several lines. */
export const printableText = (text: string): string => text.split('\n').map(printable).join('\n');
