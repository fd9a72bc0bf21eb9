/** A password that was just made, and for whom. */
export interface Told {
  readonly id: number;
  readonly email: string;
  readonly password: string;
}
