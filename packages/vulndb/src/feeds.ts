import type { Feed } from "./feed.ts";
import { almalinuxOsv } from "./feeds/almalinux-osv/feed.ts";
import { alpineSecdb } from "./feeds/alpine-secdb/feed.ts";
import { amazonAlas } from "./feeds/amazon-alas/feed.ts";
import { azurelinuxOval } from "./feeds/azurelinux-oval/feed.ts";
import { cveRecord } from "./feeds/cve-record/feed.ts";
import { debianOval } from "./feeds/debian-oval/feed.ts";
import { debianTracker } from "./feeds/debian-tracker/feed.ts";
import { drupalOsv } from "./feeds/drupal-osv/feed.ts";
import { epss } from "./feeds/epss/feed.ts";
import { fedoraUpdates } from "./feeds/fedora-updates/feed.ts";
import { friendsofphp } from "./feeds/friendsofphp/feed.ts";
import { ghsa } from "./feeds/ghsa/feed.ts";
import { goVulndb } from "./feeds/go-vulndb/feed.ts";
import { kev } from "./feeds/kev/feed.ts";
import { metasploit } from "./feeds/metasploit/feed.ts";
import { nvd } from "./feeds/nvd/feed.ts";
import { nvdV2 } from "./feeds/nvd-v2/feed.ts";
import { oracleOval } from "./feeds/oracle-oval/feed.ts";
import { osvMalicious } from "./feeds/osv-malicious/feed.ts";
import { photonCve } from "./feeds/photon-cve/feed.ts";
import { photonOval } from "./feeds/photon-oval/feed.ts";
import { poc } from "./feeds/poc/feed.ts";
import { pypa } from "./feeds/pypa/feed.ts";
import { redhatCsaf } from "./feeds/redhat-csaf/feed.ts";
import { redhatCveApi } from "./feeds/redhat-cve-api/feed.ts";
import { redhatOval } from "./feeds/redhat-oval/feed.ts";
import { rockyErrata } from "./feeds/rocky-errata/feed.ts";
import { rubysec } from "./feeds/rubysec/feed.ts";
import { rustsec } from "./feeds/rustsec/feed.ts";
import { suseCsaf } from "./feeds/suse-csaf/feed.ts";
import { suseOval } from "./feeds/suse-oval/feed.ts";
import { ubuntuOval } from "./feeds/ubuntu-oval/feed.ts";
import { wolfiAdvisories } from "./feeds/wolfi-advisories/feed.ts";

/** The one list of feeds. Order decides which feed is asked first about an unknown file; recognition is exclusive. */
export const feeds: readonly Feed[] = [
  // advisories: languages
  ghsa,
  goVulndb,
  pypa,
  rustsec,
  rubysec,
  osvMalicious,
  drupalOsv,
  friendsofphp,
  // advisories: distributions
  alpineSecdb,
  wolfiAdvisories,
  debianTracker,
  debianOval,
  ubuntuOval,
  almalinuxOsv,
  redhatCveApi,
  redhatCsaf,
  redhatOval,
  rockyErrata,
  amazonAlas,
  oracleOval,
  suseCsaf,
  suseOval,
  azurelinuxOval,
  photonOval,
  photonCve,
  fedoraUpdates,
  // enrichment
  nvdV2,
  nvd,
  cveRecord,
  epss,
  kev,
  metasploit,
  poc,
];
