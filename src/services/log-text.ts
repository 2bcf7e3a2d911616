const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[PX^_][^\u001b]*\u001b\\|[ -/]*[0-~])/g;

/** Without colours and cursor movements; of a line that a progress bar wrote over, the last state. */
export function plainLine(line: string): string {
  const text = line.replace(ESCAPES, '').replace(/\r+$/, '');
  return text.slice(text.lastIndexOf('\r') + 1);
}

/** Without what a pane adds at a line's end; colours stay. */
export function paneLine(line: string): string {
  return line.replace(/\r+$/, '');
}
