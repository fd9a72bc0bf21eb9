/** A stream that text goes to. */
export interface Sink {
  readonly isTerminal: boolean;
  /** Cells of a line, where the terminal says so. */
  readonly columns: number | null;
  write(text: string): void;
}

/** Everything from outside that a command may touch. Only main.ts makes one from the real process. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly home: string;
  readonly isRoot: boolean;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Aborted when somebody wants it to end. */
  readonly stop: AbortSignal;
  /** Aborted when somebody wants that a second time: no waiting for anybody. */
  readonly hurry: AbortSignal;
  /** On SIGHUP; while somebody listens, that signal stops nothing. */
  onHangup(listener: () => void): void;
}

/** `plimsoll NAME …`: does it and answers the exit code (decision 2). Throws `PlimsollError`. */
export interface Command {
  readonly name: string;
  run(args: readonly string[], world: World): Promise<number>;
}
