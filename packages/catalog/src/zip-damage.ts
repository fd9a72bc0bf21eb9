/** Something is wrong with a zip file; the message says what. */
export class ZipDamage extends Error {
  override readonly name = "ZipDamage";
}
