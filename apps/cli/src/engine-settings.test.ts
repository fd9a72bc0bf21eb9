import { describe, expect, it } from "vitest";
import { engineSettings } from "./engine-settings.ts";
import { testWorld } from "./testing/test-world.ts";

function settings(env: Record<string, string> = {}, userId = 1000) {
  return engineSettings({ ...testWorld(env).world, userId });
}

describe("engineSettings", () => {
  it("knows where the root user's engines are", () => {
    const { engines, docker } = settings({}, 0);
    expect(docker).toEqual({ configFolder: "/home/pilot/.docker" });
    expect(engines.podman).toEqual({ socket: "/run/podman/podman.sock" });
    expect(engines.containerd).toEqual({
      sockets: ["/run/containerd/containerd.sock", "/run/k3s/containerd/containerd.sock"],
    });
    expect(engines.podmanStorage).toEqual(engines.crioStorage);
    expect(engines.crioStorage).toMatchObject({ dataFolder: "/var/lib/containers", userId: 0 });
  });

  it("knows where any other user's podman is, and that CRI-O is root's", () => {
    const { engines } = settings({ XDG_RUNTIME_DIR: "/run/user/1000" });
    expect(engines.podman).toEqual({ socket: "/run/user/1000/podman/podman.sock" });
    expect(engines.podmanStorage).toMatchObject({
      confFiles: ["/home/pilot/.config/containers/storage.conf"],
      dataFolder: "/home/pilot/.local/share/containers",
      userId: 1000,
    });
    expect(engines.crioStorage).toMatchObject({ dataFolder: "/var/lib/containers", userId: 0 });
    expect(settings().engines.podman).toEqual({});
  });

  it("takes what the engines' own variables say", () => {
    const { engines, docker } = settings({
      CONTAINER_HOST: "unix:///p.sock",
      CONTAINERD_ADDRESS: "/c.sock",
      CONTAINERD_NAMESPACE: "k8s.io",
      CONTAINERS_STORAGE_CONF: "/s.conf",
      XDG_DATA_HOME: "/data",
      DOCKER_CONFIG: "/dk",
      DOCKER_CONTEXT: "mine",
      DOCKER_CERT_PATH: "/certs",
      DOCKER_TLS_VERIFY: "0",
    });
    expect(docker).toEqual({ configFolder: "/dk", context: "mine", certFolder: "/certs", tls: "verify" });
    expect(engines.podman?.host).toBe("unix:///p.sock");
    expect(engines.containerd).toMatchObject({ address: "/c.sock", namespace: "k8s.io" });
    expect(engines.podmanStorage).toMatchObject({ confFiles: ["/s.conf"], dataFolder: "/data/containers" });
    expect(engines.crioStorage?.confFiles).toEqual(["/s.conf"]);
    expect(settings({ DOCKER_TLS: "1" }).docker.tls).toBe("insecure");
  });
});
