/** A simple command: its words without quotes, the first being the program. */
export type SimpleCommand = readonly string[];

const maxScript = 65_536;
const maxNesting = 4;

/**
 * The simple commands of a shell script (POSIX shell grammar, roughly): split at `;`, `&`, `|`, line ends, groups and
 * command substitutions; quotes removed; assignments, reserved words and wrappers such as `sudo` dropped; `sh -c "…"`
 * opened. It reads what people write in build files, never runs anything, and takes linear time. Scripts are cut at 64 kB.
 */
export function shellCommands(script: string, nesting = 0): SimpleCommand[] {
  const commands = splitCommands(script.slice(0, maxScript)).map(stripPrefix);
  const opened = nesting >= maxNesting ? [] : commands.flatMap((command) => innerScripts(command));
  return [
    ...commands.filter((command) => command.length > 0),
    ...opened.flatMap((inner) => shellCommands(inner, nesting + 1)),
  ];
}

/** Program name without its folder. */
export function programOf(command: SimpleCommand): string {
  return command[0]?.slice(command[0].lastIndexOf("/") + 1) ?? "";
}

/** State of the scan. A substitution interrupts a command, which goes on after it: hence the stack. */
interface Scan extends Interrupted {
  readonly commands: string[][];
  readonly outer: Interrupted[];
}

interface Interrupted {
  command: string[];
  word: string | null;
  quoted: boolean;
  /** In a command's place stands what `$(…)` yields; a group `( … )` yields nothing. */
  substitution?: boolean;
}

function splitCommands(script: string): string[][] {
  const command: string[] = [];
  const scan: Scan = { commands: [command], command, outer: [], word: null, quoted: false };
  for (let at = 0; at < script.length; at += step(scan, script, at));
  endWord(scan);
  return scan.commands;
}

/** Handles what stands at `at`; returns how many characters that was. */
function step(scan: Scan, script: string, at: number): number {
  const char = script.charAt(at);
  if (char === "\\") return escaped(scan, script.charAt(at + 1));
  if (char === "$" && script.charAt(at + 1) === "(") return open(scan, 2);
  if (char === '"') return toggle(scan);
  if (scan.quoted) return add(scan, char);
  if (char === "'") return single(scan, script, at);
  if (char === "#" && scan.word === null) return lineEnd(script, at) - at;
  if (char === "(") return open(scan, 1);
  if (char === ")") return close(scan);
  if (/[;&|\n`{}]/.test(char)) return endCommand(scan);
  return /\s/.test(char) ? endWord(scan) : add(scan, char);
}

function add(scan: Scan, text: string): number {
  scan.word = (scan.word ?? "") + text;
  return Math.max(1, text.length);
}

function escaped(scan: Scan, next: string): number {
  if (next !== "\n" && next !== "") add(scan, next);
  return 2;
}

function toggle(scan: Scan): number {
  scan.quoted = !scan.quoted;
  scan.word ??= "";
  return 1;
}

function single(scan: Scan, script: string, at: number): number {
  const end = script.indexOf("'", at + 1);
  const stop = end === -1 ? script.length : end;
  scan.word = (scan.word ?? "") + script.slice(at + 1, stop);
  return stop + 1 - at;
}

function lineEnd(script: string, at: number): number {
  const end = script.indexOf("\n", at);
  return end === -1 ? script.length : end;
}

function endWord(scan: Scan): number {
  if (scan.word !== null) scan.command.push(scan.word);
  scan.word = null;
  return 1;
}

function endCommand(scan: Scan): number {
  endWord(scan);
  scan.command = [];
  scan.commands.push(scan.command);
  return 1;
}

function open(scan: Scan, width: number): number {
  const { command, word, quoted } = scan;
  scan.outer.push({ command, word, quoted, substitution: width > 1 });
  scan.word = null;
  scan.quoted = false;
  endCommand(scan);
  return width;
}

/** The end of a substitution or group; else of a pattern in `case`, after which a command begins. */
function close(scan: Scan): number {
  const outer = scan.outer.pop();
  if (outer === undefined) return endCommand(scan);
  endWord(scan);
  scan.command = outer.command;
  scan.quoted = outer.quoted;
  // What a substitution yields is not known; it is part of a word all the same.
  scan.word = outer.substitution ? `${outer.word ?? ""}$` : outer.word;
  return 1;
}

const reserved = new Set(["if", "then", "else", "elif", "do", "while", "until", "!", "time"]);
const wrappers = new Set(["sudo", "env", "exec", "eval", "nice", "nohup", "xargs", "builtin"]);

/** Drops what stands before the program: assignments, reserved words, wrappers with their options. */
function stripPrefix(command: readonly string[]): string[] {
  const start = command.findIndex(
    (word) => !(/^[A-Za-z_]\w*\+?=/.test(word) || reserved.has(word) || wrappers.has(word) || /^(-|\d+$)/.test(word)),
  );
  return start === -1 ? [] : command.slice(start);
}

/** The scripts that a command hands to a shell. */
function innerScripts(command: SimpleCommand): string[] {
  if (!/^(ba|da|a|z|k)?sh$/.test(programOf(command))) return [];
  const flag = command.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  // A history row shows `/bin/sh -c apt-get update` without the quotes: all words that follow belong to the script.
  return flag === -1 ? [] : [command.slice(flag + 1).join(" ")];
}
