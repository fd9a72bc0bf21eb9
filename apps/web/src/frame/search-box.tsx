import { Combobox, Kbd, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { assetsQuery } from "../api/results.ts";
import { searchQuery } from "../api/search.ts";
import { quoted } from "../lists/filters.ts";
import { plain, shortened } from "../ui/plain.ts";
import styles from "./shell.module.css";
import { type Suggestion, type SuggestionGroup, suggestionsIn } from "./suggestions.ts";

const fewest = 2;

/** Search for an image, a CVE or a package, from anywhere: `/` puts the cursor here. */
export function SearchBox() {
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const groups = useSuggestions(text);
  const go = useGo();
  useHotkeys([["/", () => box.current?.focus()]]);
  const leave = (chosen: Suggestion | null) => {
    if (text.trim() === "") return;
    combobox.closeDropdown();
    box.current?.blur();
    void go(chosen, text.trim());
  };
  const all = groups.flatMap(({ members }) => members);
  return (
    <search className={styles.search}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          leave(null);
        }}
      >
        <Combobox
          store={combobox}
          onOptionSubmit={(key) => leave(all.find((one) => one.key === key) ?? null)}
          withinPortal={false}
        >
          <Combobox.Target>
            <TextInput
              ref={box}
              size="xs"
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value);
                combobox.openDropdown();
                combobox.resetSelectedOption();
              }}
              onFocus={() => combobox.openDropdown()}
              onBlur={() => combobox.closeDropdown()}
              onKeyDown={(event) => {
                if (event.key === "Escape" && !combobox.dropdownOpened) box.current?.blur();
              }}
              placeholder="Search images, CVEs, packages"
              aria-label="Search images, CVEs, packages"
              maxLength={500}
              rightSection={<Kbd size="xs">/</Kbd>}
            />
          </Combobox.Target>
          <Combobox.Dropdown hidden={all.length === 0} style={{ minWidth: "min(360px, 92vw)" }}>
            <Combobox.Options aria-label="Found" mah="70vh" style={{ overflowY: "auto" }}>
              <Options groups={groups} />
            </Combobox.Options>
          </Combobox.Dropdown>
        </Combobox>
      </form>
    </search>
  );
}

function Options({ groups }: { readonly groups: readonly SuggestionGroup[] }) {
  return groups.map(({ title, members }) => (
    <Combobox.Group key={title} label={title}>
      {members.map(({ key, name, hint }) => (
        <Combobox.Option key={key} value={key} title={plain(name).slice(0, 2000)}>
          {shortened(name, 60)} <span className={styles.hint}>{plain(hint)}</span>
        </Combobox.Option>
      ))}
    </Combobox.Group>
  ));
}

function useSuggestions(text: string): readonly SuggestionGroup[] {
  const [settled] = useDebouncedValue(text.trim(), 150);
  const found = useQuery({ ...searchQuery(settled, 5), enabled: settled.length >= fewest });
  return text.trim().length < fewest || found.data === undefined ? [] : suggestionsIn(found.data);
}

/** Opens what was chosen, or all that is called so. */
function useGo(): (chosen: Suggestion | null, text: string) => Promise<void> {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return async (chosen, text) => {
    if (chosen === null) return navigate({ to: "/search", search: { q: text } });
    if (chosen.kind === "vulnerability") return navigate({ to: "/vulnerabilities/$id", params: { id: chosen.name } });
    if (chosen.kind === "package") return navigate({ to: "/packages", search: { package: chosen.name } });
    const filter = `name = ${quoted(chosen.name)}`;
    const found = await queries.fetchQuery(assetsQuery({ filter, limit: 20 })).catch(() => null);
    const resultId = found?.data.find(({ assetId }) => assetId === chosen.key)?.resultId ?? "";
    return resultId === ""
      ? navigate({ to: "/search", search: { q: chosen.name.slice(0, 500) } })
      : navigate({ to: "/results/$resultId", params: { resultId } });
  };
}
