/** A fact under a name of our own (CycloneDX, `property`). */
export interface BomProperty {
  readonly name: string;
  readonly value: string;
}
