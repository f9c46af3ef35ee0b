/** A file as something an image can show, asked for when it is not here. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useLive, type BlobRecord, type Store } from "../../store";
import { blobOf, bytesOf, wantBlob, type BlobName } from "../../store/blobs";

export interface ShownBlob {
  /** Null while there is nothing to show. */
  readonly url: string | null;
  readonly state: BlobRecord["state"] | undefined;
  /** It is not here, and nobody is bringing it. */
  readonly isGone: boolean;
}

/** `row`: the row that names it; null for a photo of a form. */
export function useBlob(store: Store, name: BlobName, row: readonly [entity: string, pk: string] | null): ShownBlob {
  const found = useLive(async () => ({ bytes: (await bytesOf(store, name.sha256)) ?? null, record: (await blobOf(store, name.sha256)) ?? null }), [store, name.sha256]);
  const [url, setUrl] = useState<string | null>(null);
  // Once: what the server does not know would be asked for again and again.
  const asked = useRef<string | null>(null);
  const isAbsent = found?.bytes === null && found.record === null;
  const isDue = row !== null && isAbsent && asked.current !== name.sha256;
  useEffect(() => {
    if (found?.bytes != null) asked.current = null;
    if (!isDue) return;
    wantBlob(store, name, row).then(() => (asked.current = name.sha256)).catch((error: unknown) => {
      // Whoever left needs no picture any more.
      if (!store.closed) throw error;
    });
  }, [isAbsent, found?.bytes == null, store, name.sha256]);
  useEffect(() => {
    if (found?.bytes == null) return undefined;
    const made = URL.createObjectURL(new Blob([found.bytes], { type: name.media_type }));
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [found?.bytes == null, name.sha256]);
  const isGone = found?.bytes === null && found.record?.state !== "wanted" && !isDue;
  return { url, state: found?.record?.state, isGone };
}
