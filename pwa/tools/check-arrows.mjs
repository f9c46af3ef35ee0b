/**
 * Checks the import arrows of src/ under the current folder, and fails if nothing was inspected:
 * with an unsuitable TypeScript, dependency-cruiser reports success over zero modules.
 */
import { cruise } from "dependency-cruiser";
import extractDepcruiseConfig from "dependency-cruiser/config-utl/extract-depcruise-config";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { fileURLToPath } from "node:url";

const beside = (path) => fileURLToPath(new URL(path, import.meta.url));
const options = await extractDepcruiseConfig(beside("../.dependency-cruiser.cjs"));
const { output } = await cruise(
  ["src"],
  { ruleSet: options, ...options.options, validate: true },
  undefined,
  { tsConfig: extractTSConfig(beside("../tsconfig.json")) },
);

const { violations, totalCruised } = output.summary;
for (const { rule, from, to } of violations) console.error(`${rule.name}: ${from} -> ${to}`);
if (totalCruised === 0) console.error("dependency-cruiser inspected no module");
console.log(`${totalCruised} modules inspected, ${violations.length} forbidden imports`);
process.exitCode = violations.length > 0 || totalCruised === 0 ? 1 : 0;
