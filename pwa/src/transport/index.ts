/** The door to the network for the composition root; features never come here. */
export { HttpError, OfflineError, makeHttp, type Http } from "./http";
export { inTurn, type Turn } from "./lock";
export { contactReporter, startSync, type SyncLoop } from "./loop";
export {
  changePassword, checkSession, endSession, listDevices, revokeDevice, signIn, type SignedIn, type SignedInDevice,
} from "./session";
