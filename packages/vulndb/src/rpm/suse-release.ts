/**
 * Ecosystem key of a SUSE product name. SLES 15 takes its packages from modules, 12 from the server, the SDK and the
 * workstation extension: all of them are `sles:15.3`; LTSS is the same release later in its life. `null` for desktops,
 * SAP and HPC editions, ESPOS and other contracts, and products that are no operating system.
 */
export function suseEcosystem(product: string): string | null {
  const leap = /^openSUSE Leap (\d+\.\d+)$/.exec(product)?.[1];
  if (leap !== undefined) return `opensuse-leap:${leap}`;
  if (product === "openSUSE Tumbleweed") return "opensuse-tumbleweed:rolling";
  const micro = /^SUSE Linux (Enterprise )?Micro (\d+\.\d+)$/.exec(product);
  if (micro !== null) return `${micro[1] === undefined ? "sl" : "sle"}-micro:${micro[2]}`;
  const server =
    /^SUSE Linux Enterprise (?:Server|Live Patching|Module for [A-Za-z0-9 &,-]{1,80}|Software Development Kit|Workstation Extension) (\d+)(?:\.(\d+)| SP(\d+))?(?:-LTSS)?$/.exec(
      product,
    );
  const [, major, minor, servicePack] = server ?? [];
  if (major === undefined || / for SAP /.test(product)) return null;
  const part = minor ?? servicePack;
  return `sles:${major}${part === undefined ? "" : `.${part}`}`;
}
