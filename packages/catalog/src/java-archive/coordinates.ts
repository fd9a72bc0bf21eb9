/** What Maven knows a library by. */
export interface Coordinates {
  readonly group: string;
  readonly artifact: string;
  /** "" when unknown. */
  readonly version: string;
}
