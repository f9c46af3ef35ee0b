/** Signing in, what is sealed on a device, and the first download. English. */
import type { Messages } from "../message";
import type { entering as source } from "../zh-Hant/entering";

export const entering: Messages<typeof source> = {
  "signIn.login": "Sign-in name",
  "signIn.password": "Password",
  "signIn.enter": "Sign in",
  "signIn.busy": "Signing in",
  "signIn.hint": "Only signing in needs the network; the rest works offline.",
  "signIn.offline": "The office cannot be reached. Check the connection and try again.",
  "signIn.known": "People who have used this device",
  "signIn.expired": "Your session has ended. Nothing is lost; your password lets sending go on.",
  "sealed.barred": "Access of {name} on this device was ended. ",
  "sealed.unsent": "{n} not yet sent to {company}; they go by themselves as soon as there is a network. ",
  "sealed.sent": "{n} sent to {company}. ",
  "sealed.nothing": "Nothing is left to send.",
  "evicted.text": "The browser cleared this device’s data; it is being downloaded again. What reached the company is safe, and so are the words that you are writing; photos that were not sent must be added again.",
  "evicted.unsent": { one: " 1 change had not reached the company and is gone from here: please write it again.", other: " {n} changes had not reached the company and are gone from here: please write them again." },
  "evicted.seen": "OK",
  "download.title": "First download, {n} records so far",
  "download.waiting": "Waiting for the network, {n} records so far",
  "download.nothingYet": "Customers are on their way; have a look around.",
  "download.usable": "{n} customers can be opened and logged already.",
};
