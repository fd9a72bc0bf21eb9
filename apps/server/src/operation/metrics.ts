import { queueDepth, type Services } from "@plimsoll/platform";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** A request that was answered. */
export interface Answered {
  readonly method: string;
  /** The route's pattern, `/results/:id`; `null`: no route has it. */
  readonly route: string | null;
  readonly status: number;
  readonly seconds: number;
}

export interface ServerMetrics {
  /** Of `text`. */
  readonly contentType: string;
  answered(request: Answered): void;
  /** Asks what is asked at this moment, and writes everything as Prometheus reads it. */
  text(): Promise<string>;
}

/** More numbers at the moment of asking: jobs by state, say. Labels come from fixed lists. */
export interface MetricSource {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  read(): Promise<readonly { readonly label: string; readonly value: number }[]>;
}

/** The queue of jobs, as all processes of one database see it. */
export function jobsMetric({ pool }: Pick<Services, "pool">): MetricSource {
  return {
    name: "plimsoll_jobs",
    help: "Jobs that wait (queued), are being done (running), were given up (dead)",
    label: "state",
    read: async () => (await queueDepth(pool)).map(({ state, jobs }) => ({ label: state, value: jobs })),
  };
}

const submissions = "/secure/vulnerability/v1/scans";
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Everything that is measured; labels are routes, methods and statuses, never what clients make up. */
export function serverMetrics(
  { pool, knowledge, clock }: Pick<Services, "pool" | "knowledge" | "clock">,
  sources: readonly MetricSource[] = [],
): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "plimsoll_http_requests_total",
    help: "Requests answered",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "plimsoll_http_request_duration_seconds",
    help: "Time from a request's headers to the end of its answer",
    labelNames: ["method", "route"],
    buckets: seconds,
    registers,
  });
  const scans = new Counter({
    name: "plimsoll_scans_total",
    help: "Scans submitted to this process, by what became of them: kept, refused, failed",
    labelNames: ["outcome"],
    registers,
  });
  for (const outcome of ["kept", "refused", "failed"]) scans.inc({ outcome }, 0);
  poolGauge(pool, registers);
  knowledgeGauges({ knowledge, clock }, registers);
  for (const source of sources) sourceGauge(source, registers);
  return {
    contentType: registry.contentType,
    answered: ({ method, route, status, seconds }) => {
      const labels = { method, route: route ?? "none" };
      requests.inc({ ...labels, status });
      durations.observe(labels, seconds);
      if (route === submissions && method === "POST") scans.inc({ outcome: outcomeOf(status) });
    },
    text: () => registry.metrics(),
  };
}

function outcomeOf(status: number): string {
  if (status < 400) return "kept";
  return status < 500 ? "refused" : "failed";
}

function poolGauge(pool: Services["pool"], registers: Registry[]): void {
  new Gauge({
    name: "plimsoll_database_connections",
    help: "Connections to the database: in use, idle; and requests waiting for one",
    labelNames: ["state"],
    registers,
    collect() {
      this.set({ state: "in use" }, pool.totalCount - pool.idleCount);
      this.set({ state: "idle" }, pool.idleCount);
      this.set({ state: "waiting" }, pool.waitingCount);
    },
  });
}

function knowledgeGauges({ knowledge, clock }: Pick<Services, "knowledge" | "clock">, registers: Registry[]): void {
  new Gauge({
    name: "plimsoll_knowledge_age_seconds",
    help: "Time since the vulnerability database in use was built",
    registers,
    collect() {
      this.set(Math.max(0, (clock() - Date.parse(knowledge.current().base.status.builtAt)) / 1000));
    },
  });
  new Gauge({
    name: "plimsoll_knowledge_sequence",
    help: "Number of the revision of knowledge that this process judges by; processes of one database agree",
    registers,
    collect() {
      this.set(knowledge.current().seq);
    },
  });
}

function sourceGauge({ name, help, label, read }: MetricSource, registers: Registry[]): void {
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers,
    async collect() {
      // A database that is away must not take the other numbers with it: then these are missing.
      const rows = await read().catch(() => []);
      this.reset();
      for (const row of rows) this.set({ [label]: row.label }, row.value);
    },
  });
}
