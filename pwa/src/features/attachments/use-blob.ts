/** A file as something an image can show, asked for when it is not here. */
import { useEffect, useState } from "preact/hooks";
import { useLive, type BlobRecord, type Store } from "../../store";
import { blobOf, bytesOf, wantBlob, type BlobName } from "../../store/blobs";

export interface ShownBlob {
  /** Null while there is nothing to show. */
  readonly url: string | null;
  /** Null while nobody has asked for it, undefined before the first look. */
  readonly record: BlobRecord | null | undefined;
}

/** `row`: the row that names it; null for a photo of a form. */
export function useBlob(store: Store, name: BlobName, row: readonly [entity: string, pk: string] | null): ShownBlob {
  const found = useLive(async () => ({ bytes: (await bytesOf(store, name.sha256)) ?? null, record: (await blobOf(store, name.sha256)) ?? null }), [store, name.sha256]);
  const [url, setUrl] = useState<string | null>(null);
  const isAbsent = found?.bytes === null && found.record === null;
  useEffect(() => {
    if (row === null || !isAbsent) return;
    wantBlob(store, name, row).catch((error: unknown) => {
      // Whoever left needs no picture any more.
      if (!store.closed) throw error;
    });
  }, [isAbsent, store, name.sha256]);
  useEffect(() => {
    if (found?.bytes == null) return undefined;
    const made = URL.createObjectURL(new Blob([found.bytes], { type: name.media_type }));
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [found?.bytes == null, name.sha256]);
  return { url, record: found?.record };
}
