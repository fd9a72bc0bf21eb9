import { Button, NativeSelect, Text, TextInput } from "@mantine/core";
import { formatReference, readReference } from "@plimsoll/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { scanNow } from "../../api/jobs.ts";
import { useView } from "../../frame/view.ts";
import { plain, shortened } from "../../ui/plain.ts";
import { Failed } from "../../ui/states/failed.tsx";
import styles from "./scan.module.css";

const platforms = [
  { value: "", label: "the server's own" },
  ...["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/386", "linux/ppc64le", "linux/s390x", "windows/amd64"],
];
const examples = ["alpine:3.20", "ghcr.io/team/shop:1.4.2", "registry.example:5000/app@sha256:…"];

/** Names the image; what is wrong with the name is said while it is typed. */
export function ScanForm({ image: asked }: { readonly image: string }) {
  const [, change] = useView();
  const queries = useQueryClient();
  const [image, setImage] = useState(asked);
  const [platform, setPlatform] = useState("");
  const [isLeft, setIsLeft] = useState(asked !== "");
  const read = image.trim() === "" ? null : readReference(image.trim());
  const starting = useMutation({
    mutationFn: () => scanNow(image.trim(), platform),
    onSuccess: (job) => {
      void queries.invalidateQueries({ queryKey: ["/secure/vulnerability/v1/jobs"] });
      change({ job, image: undefined });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsLeft(true);
    if (read !== null && typeof read !== "string" && !starting.isPending) starting.mutate();
  };
  const fault = typeof read === "string" && isLeft ? { error: `This is no image name: ${read}` } : {};
  return (
    <form className={styles.form} onSubmit={submit} aria-label="Scan an image">
      <TextInput
        className={styles.image}
        label="Image"
        description={
          <>
            As in <code>docker pull</code>. For example {examples.map(codeOf)}
          </>
        }
        value={image}
        onChange={(event) => setImage(event.currentTarget.value)}
        onBlur={() => setIsLeft(image !== "")}
        maxLength={1024}
        required
        withAsterisk={false}
        autoComplete="off"
        spellCheck={false}
        {...fault}
      />
      <NativeSelect
        label="Platform"
        data={platforms}
        value={platform}
        onChange={(event) => setPlatform(event.currentTarget.value)}
      />
      <Button type="submit" loading={starting.isPending}>
        Scan it
      </Button>
      <Text size="sm" className={styles.readAs} role="status">
        {read !== null && typeof read !== "string" && `Pulled as ${shortened(formatReference(read), 160)}`}
      </Text>
      {starting.error && (
        <div className={styles.whole}>
          <Failed error={starting.error} what="The scan was not started" />
        </div>
      )}
    </form>
  );
}

function codeOf(example: string) {
  return (
    <span key={example}>
      {" "}
      <code>{plain(example)}</code>
    </span>
  );
}
