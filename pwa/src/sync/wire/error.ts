/** The one body of every refusal (SPEC 14). */
import { type Reader, dict, nullable, parseText, shape, text } from "./shape";

export interface ErrorBody {
  /** A code of the error catalogue; one that is not known is shown with its message. */
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const anything: Reader<unknown> = (value) => value;

const readError = shape<ErrorBody>({
  code: text,
  message: text,
  details: (value, path) => nullable(dict(anything))(value, path) ?? {},
});

/** Throws WireError when the body is not an error of this server, but for instance a proxy's page. */
export const parseError = (json: string): ErrorBody =>
  parseText(shape<{ error: ErrorBody }>({ error: readError }), json, "error").error;
