import type { InventoryContents } from "@plimsoll/contract";
import { digestOf, uuidOf } from "@plimsoll/model";

/** How much runs in a made-up cluster. */
export interface ClusterSize {
  readonly workloads: number;
  readonly containers: number;
  readonly images: number;
  /** Packages that are loaded of each image. */
  readonly loaded: number;
}

type Workload = NonNullable<InventoryContents["workloads"]>[number];

/** The image id of a made-up image. */
export function clusterImage(n: number): string {
  return digestOf(`image ${n}`);
}

/**
 * What runs in a made-up cluster at a moment: each step replaces 5 % of the workloads (other names, other images) and
 * leaves the rest as it is, container for container. Few images run often, most of them seldom.
 */
export function clusterAt(step: number, size: ClusterSize): readonly Workload[] {
  const { workloads, containers, images } = size;
  const each = Math.floor(containers / workloads);
  return Array.from({ length: workloads }, (_, n) => {
    // Of each twenty one is another with every step.
    const turn = n % 20 === step % 20 ? step : lastTurn(n, step);
    const image = n < images ? n : Math.floor((n % images) ** 2 / images);
    return workloadOf({ n, turn, image: (image + turn) % images, each, loaded: size.loaded });
  });
}

/** The last step in which a workload was replaced; 0: it is the first. */
function lastTurn(n: number, step: number): number {
  const before = step - ((((step - (n % 20)) % 20) + 20) % 20);
  return before > 0 ? before : 0;
}

interface Place {
  readonly n: number;
  readonly turn: number;
  readonly image: number;
  readonly each: number;
  readonly loaded: number;
}

function workloadOf({ n, turn, image, each, loaded }: Place): Workload {
  const name = `service-${n}-${turn}`;
  return {
    labels: {
      "kubernetes.namespace.name": `team-${n % 97}`,
      "kubernetes.workload.type": n % 7 === 0 ? "daemonset" : "deployment",
      "kubernetes.workload.name": name,
      "kubernetes.pod.container.name": `main-${n % 3}`,
      "kubernetes.deployment.label.app": name,
    },
    image: { name: `registry.example/shop/app-${image}:1.${image}`, id: clusterImage(image) },
    containers: Array.from({ length: each }, (_, at) => ({
      id: uuidOf("container", name, String(at)),
      name: "main",
      pod: `${name}-${at}`,
    })),
    loaded: {
      purls: Array.from({ length: loaded }, (_, at) => `pkg:npm/library-${(image * 7 + at) % 5000}@1.0.${at % 9}`),
    },
  };
}
