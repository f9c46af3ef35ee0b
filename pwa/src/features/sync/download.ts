/** Hands over the unsent work as a file. */
import { exportOutbox, type Store } from "../../store";

/** Saves everything unsent as a file of the person's own. */
export async function downloadUnsent(store: Store): Promise<void> {
  const { name, file } = await exportOutbox(store);
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the file by then; revoking in the same task would cancel it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
