/** Pictures of 16 by 16, drawn in the colour of the text around them; no font needs to have them. */
const paths = {
  copy: "M5 5h8v9H5zM3 11H2V2h8v1",
  close: "M4 4l8 8M12 4l-8 8",
  done: "M3 8.5l3.5 3.5L13 4.5",
  spark: "M9 1L3 9h4l-1 6 6-8H8z",
  flask: "M6 1h4M7 1v5L2.5 14h11L9 6V1M4.5 10.5h7",
  wrench: "M10 2a4 4 0 0 0-3.6 5.6L2 12l2 2 4.4-4.4A4 4 0 0 0 14 6l-2.5 2L9 5.500 11 3z",
  eye: "M1 8s3-5 7-5 7 5 7 5-3 5-7 5-7-5-7-5zM8 6a2 2 0 1 0 .01 0",
} as const;

/** Says nothing by itself: what stands around it has the words. */
export function Icon({ of }: { readonly of: keyof typeof paths }) {
  return (
    <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" style={{ verticalAlign: "-2px" }}>
      <path
        d={paths[of]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
