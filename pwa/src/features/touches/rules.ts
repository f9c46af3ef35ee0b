/** What the lists of due contacts are worked out by. It arrives while they are read: nothing is drawn of it before, and a new device signs in without it. */
export { cadenceOf, cadenceProducer, cadencesOf } from "./cadence";
export { generatedPk } from "../../sync/core/window";
export { settledBy } from "./settled";
