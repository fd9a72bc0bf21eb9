/** Editions whose builds are not the main stream's though they share its CPE (hypervisor images of Red Hat Virtualization). */
const otherEditions: ReadonlySet<string> = new Set(["hypervisor", "highavailability_hypervisor"]);

/**
 * RHEL's major release from a product CPE of its main stream (`cpe:/o:redhat:enterprise_linux:9`,
 * `cpe:/a:redhat:enterprise_linux:8::nfv`, supplementary and extras included); `null` for layered products and for
 * streams under contracts of their own (`rhel_eus:8.6`, `rhel_aus`, `rhel_e4s`, `rhel_tus`, `rhel_els`).
 */
export function rhelRelease(cpe: string): string | null {
  const match =
    /^cpe:\/[ao]:redhat:(?:enterprise_linux|rhel_extras(?:_rt)?):(\d{1,2})(?:\.\d{1,2})?(?:::([\w-]{1,40}))?$/.exec(
      cpe,
    );
  if (match === null || otherEditions.has(match[2] ?? "")) return null;
  return match[1] ?? null;
}
