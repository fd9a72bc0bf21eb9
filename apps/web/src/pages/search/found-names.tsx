import { Button } from "@mantine/core";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { packagesFoundQuery, vulnerabilitiesFoundQuery } from "../../api/search.ts";
import { ratedAs } from "../../lists/rated-as.ts";
import { Mark } from "../../ui/marks.tsx";
import { plain, shortened } from "../../ui/plain.ts";
import { SeverityWord } from "../../ui/severity-word.tsx";
import { Failed } from "../../ui/states/failed.tsx";
import { LoadingRows } from "../../ui/states/loading-rows.tsx";
import styles from "./search.module.css";

export function FoundVulnerabilities({ text }: { readonly text: string }) {
  const found = useInfiniteQuery(vulnerabilitiesFoundQuery(text));
  return (
    <Section id="vulnerabilities" title="Vulnerabilities" found={found}>
      {({ name, severity, hasFix, hasExploit }) => (
        <li key={name} className={styles.row}>
          <Link to="/vulnerabilities/$id" params={{ id: name }}>
            {plain(name)}
          </Link>
          <span>
            <SeverityWord {...ratedAs(severity)} /> {hasExploit && <Mark of="exploit" />}
            {hasFix && <Mark of="fix" />}
          </span>
        </li>
      )}
    </Section>
  );
}

export function FoundPackages({ text }: { readonly text: string }) {
  const found = useInfiniteQuery(packagesFoundQuery(text));
  return (
    <Section id="packages" title="Packages" found={found}>
      {({ ecosystem, name, versions, versionCount }) => (
        <li key={`${ecosystem} ${name}`} className={styles.row}>
          <Link to="/packages" search={{ package: name }}>
            {shortened(name, 80)}
          </Link>
          <span className={styles.quiet}>
            {plain(ecosystem)}:{" "}
            {versions
              .slice(0, 3)
              .map((version) => shortened(version, 40))
              .join(", ")}
            {versionCount > 3 && ` and ${versionCount - 3} more versions`}
          </span>
        </li>
      )}
    </Section>
  );
}

interface SectionProps<Row> {
  readonly id: string;
  readonly title: string;
  readonly found: UseInfiniteQueryResult<InfiniteData<{ readonly data: readonly Row[] }>, Error>;
  readonly children: (row: Row) => ReactNode;
}

function Section<Row>({ id, title, found, children }: SectionProps<Row>) {
  const rows = found.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {found.isPending && <LoadingRows rows={2} />}
      {found.error && (
        <Failed error={found.error} what={`${title} could not be looked up`} onRetry={() => void found.refetch()} />
      )}
      {found.data && rows.length === 0 && !found.hasNextPage && <p className={styles.quiet}>None that is here now.</p>}
      <ul className={styles.list}>{rows.map(children)}</ul>
      {found.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          More {title.toLowerCase()}
        </Button>
      )}
    </section>
  );
}
